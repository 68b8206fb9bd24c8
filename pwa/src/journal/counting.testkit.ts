/** Counts what is asked of IndexedDB: transactions, and the rows that were read. The same on every machine; a time is not. */
import { tamper } from './journal.testkit';

export type Counted = { transactions: number; rows: number };

/** Counts while fn runs. */
export async function counting(fn: () => Promise<unknown>): Promise<Counted> {
  const counted = { transactions: 0, rows: 0 };
  const read = (request: unknown): unknown => {
    (request as IDBRequest).addEventListener('success', ({ target }) => {
      const { result } = target as IDBRequest<unknown>;
      if (Array.isArray(result)) counted.rows += result.length;
      else if (result !== undefined && result !== null && typeof result !== 'number') counted.rows += 1;
    });
    return request;
  };
  const reads = ['get', 'getAll', 'getAllKeys', 'openCursor'].flatMap((name) =>
    [IDBObjectStore, IDBIndex].map((of) => tamper(of, name, (real) => read(real()))),
  );
  const begun = tamper(IDBDatabase, 'transaction', (real) => {
    counted.transactions += 1;
    return real();
  });
  try {
    await fn();
    return counted;
  } finally {
    [...reads, begun].forEach((back) => back());
  }
}
