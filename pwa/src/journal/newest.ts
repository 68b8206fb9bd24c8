/**
 * The end of what is kept, read from there. In one request where the browser can read backwards; elsewhere by a cursor, each step of
 * which is a request of its own and milliseconds on a slow phone.
 */
type Cursor<T> = { value: T; continue(): Promise<Cursor<T> | null> };
/** A store or an index. */
type Source<T> = {
  getAll(query?: IDBKeyRange | null, count?: number): Promise<T[]>;
  openCursor(query?: IDBKeyRange | null, direction?: 'prev'): Promise<Cursor<T> | null>;
};
/** What `getAll` also takes where there is `getAllRecords`; the types of the platform do not have it yet. */
type Backwards<T> = { getAll(how: { query: IDBKeyRange | null; direction: 'prev'; count: number }): Promise<T[]> };

/** The last `count` values of a range, the very last first. */
export async function newest<T>(source: Source<T>, query: IDBKeyRange | null, count: number): Promise<T[]> {
  if ('getAllRecords' in IDBObjectStore.prototype)
    return (source as unknown as Backwards<T>).getAll({ query, direction: 'prev', count });
  const values: T[] = [];
  let at = await source.openCursor(query, 'prev');
  for (; at && values.length < count; at = values.length < count ? await at.continue() : null) values.push(at.value);
  return values;
}
