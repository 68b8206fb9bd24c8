// A real IndexedDB in memory, so that the journal's tests run its own code and no stand-in for it.
import 'fake-indexeddb/auto';
