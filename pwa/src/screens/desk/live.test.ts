import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ears } from '../../api/desk';
import { keepLive, OFTEN, SOON } from './live';

let ears: Ears[] = [];
let hung = 0;
let pulse = '';
let refresh = vi.fn(async () => {});
let stop = () => {};
const latest = () => ears.at(-1) as Ears;

beforeEach(() => {
  vi.useFakeTimers();
  [ears, hung, pulse] = [[], 0, ''];
  refresh = vi.fn(async () => {});
  const listen = (e: Ears) => {
    ears.push(e);
    return () => void (hung += 1);
  };
  stop = keepLive({ listen }, refresh, (is) => (pulse = is));
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('keeping live', () => {
  it('asks once for pokes that come together, and soon', async () => {
    latest().poke();
    latest().poke();
    await vi.advanceTimersByTimeAsync(SOON);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('does not put it off while pokes keep coming', async () => {
    for (let i = 0; i < 5; i += 1) {
      latest().poke();
      await vi.advanceTimersByTimeAsync(SOON / 2);
    }
    expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('asks once more for what came while it was asking', async () => {
    let done = () => {};
    refresh.mockImplementationOnce(() => new Promise((go) => (done = go)));
    latest().poke();
    await vi.advanceTimersByTimeAsync(SOON);
    latest().poke();
    latest().poke();
    await vi.advanceTimersByTimeAsync(SOON);
    expect(refresh).toHaveBeenCalledTimes(1);
    done();
    await vi.advanceTimersByTimeAsync(0);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('asks every 15 seconds and tries the stream again when it breaks', async () => {
    latest().open();
    await vi.advanceTimersByTimeAsync(SOON);
    latest().broken();
    expect(pulse).toBe('often');
    await vi.advanceTimersByTimeAsync(OFTEN);
    expect([refresh.mock.calls.length, ears.length, hung]).toEqual([2, 2, 1]);
    await vi.advanceTimersByTimeAsync(OFTEN);
    expect(refresh).toHaveBeenCalledTimes(3);
  });

  it('asks for what was missed when the stream is back, and then waits for pokes', async () => {
    latest().broken();
    await vi.advanceTimersByTimeAsync(OFTEN);
    latest().open();
    await vi.advanceTimersByTimeAsync(SOON);
    const known = refresh.mock.calls.length;
    expect(pulse).toBe('live');
    await vi.advanceTimersByTimeAsync(OFTEN * 2);
    expect(refresh).toHaveBeenCalledTimes(known);
  });

  it('asks when one comes back to the window or the network', async () => {
    dispatchEvent(new Event('focus'));
    await vi.advanceTimersByTimeAsync(SOON);
    dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(SOON);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('is silent when it is stopped', async () => {
    latest().poke();
    stop();
    await vi.advanceTimersByTimeAsync(OFTEN * 5);
    expect([refresh.mock.calls.length, hung]).toEqual([0, 1]);
  });
});
