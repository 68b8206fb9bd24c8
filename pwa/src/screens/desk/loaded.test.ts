import { describe, expect, it } from 'vitest';
import type { Answer } from '../../api/desk';
import { Loaded } from './loaded.svelte';

function asking() {
  const waiting: ((a: Answer<string>) => void)[] = [];
  const loaded = new Loaded<string>(
    () => new Promise((go) => waiting.push(go)),
    (a, b) => `${a} to ${b}`,
  );
  const answer = (i: number, value: string) => waiting[i]?.({ ok: true, value });
  return { loaded, waiting, answer };
}

describe('something asked of the server', () => {
  it('ignores a reply that comes after that of a later question', async () => {
    const { loaded, answer } = asking();
    const [first, second] = [loaded.refresh(), loaded.refresh()];
    answer(1, 'new');
    await second;
    answer(0, 'old');
    expect(await first).toBe('');
    expect(loaded.value).toBe('new');
  });

  it('keeps what it has, with when it was, while there is no network', async () => {
    const { loaded, waiting, answer } = asking();
    const first = loaded.refresh(() => 7);
    answer(0, 'known');
    await first;
    const second = loaded.refresh(() => 8);
    waiting[1]?.({ ok: false, trouble: { why: 'offline' } });
    await second;
    expect([loaded.value, loaded.at, loaded.trouble?.why]).toEqual(['known', 7, 'offline']);
  });

  it('forgets a trouble that is older than its newest answer', async () => {
    const { loaded, waiting, answer } = asking();
    const [first, second] = [loaded.refresh(), loaded.refresh()];
    answer(1, 'new');
    await second;
    waiting[0]?.({ ok: false, trouble: { why: 'offline' } });
    await first;
    expect(loaded.trouble).toBeNull();
  });

  it('says what changed, and nothing the first time', async () => {
    const { loaded, answer } = asking();
    const first = loaded.refresh();
    answer(0, 'a');
    expect(await first).toBe('');
    const second = loaded.refresh();
    answer(1, 'b');
    expect(await second).toBe('a to b');
  });
});
