/** Counts what IndexedDB is doing, so that a test can wait for the end of it instead of for some time. */
let under = 0;

function count(owner: object, name: string, events: string[]): void {
  const proto = owner as Record<string, (...args: unknown[]) => EventTarget>;
  const real = proto[name];
  if (!real) throw new Error(name);
  proto[name] = function (this: object, ...args: unknown[]) {
    const target = real.apply(this, args);
    under += 1;
    let over = false;
    const end = () => {
      if (!over) under -= 1;
      over = true;
    };
    for (const event of events) target.addEventListener(event, end);
    return target;
  };
}

count(IDBDatabase.prototype, 'transaction', ['complete', 'abort']);
count(IDBFactory.prototype, 'open', ['success', 'error']);

/** Transactions and openings that are not over. */
export const underWay = (): number => under;
