package main

// mutant is a rule of the protocol, left out.
type mutant struct {
	name  string
	rule  string // what it leaves out
	file  string
	edits []edit
	by    killer
	quick bool // also in the short run
}

// edit replaces a text that stands in the file exactly once.
type edit struct{ old, new string }

// killer is the test that must notice.
type killer struct{ pkg, run string }

var (
	weather = killer{"./internal/sim", "^TestWeather$"}
	rule    = killer{"./internal/merge", "^TestTheFold"}
	erased  = killer{"./server", "^TestWhatIsErasedIsInNoByte"}
	desks   = killer{"./server", "^(TestARestoreKeepsWhatDesks|TestWhatADeskWritesOf)"}
	doubt   = killer{"./internal/store/boltstore", "Compact|InDoubt|LostNearlyAll"}
	phone   = killer{"./internal/sim", "^TestWeatherOnTheApp$"}
	unit    = killer{"pwa", "src/journal src/domain src/sync/engine src/sync/field src/sync/forms src/sync/entries src/sync/full src/sync/persons src/sync/machine src/sync/meaning"} // what of the app needs no weather to be seen
)

// appSeeds is how many seeds with the app itself every check plays; a mutant of the app must be noticed within them.
const appSeeds = 150

const (
	fold    = "internal/merge/fold.go"
	batch   = "internal/replica/batch.go"
	push    = "internal/replica/push.go"
	head    = "internal/replica/head.go"
	feed    = "internal/replica/feed.go"
	settle  = "internal/replica/settle.go"
	attend  = "internal/replica/attend.go"
	erase   = "internal/replica/erase.go"
	answer  = "internal/testkit/answer.go"
	request = "internal/testkit/request.go"

	appFold = "pwa/src/domain/merge.ts"
	appRow  = "pwa/src/domain/row.ts"
	cache   = "pwa/src/journal/cache.ts"
	outbox  = "pwa/src/journal/outbox.ts"
	turns   = "pwa/src/journal/turns.ts"
	engine  = "pwa/src/sync/engine.ts"
	kept    = "pwa/src/sync/kept.ts"
	machine = "pwa/src/sync/machine.ts"
	erasing = "pwa/src/journal/erasing.ts"
)

var mutants = []mutant{
	// The fold.
	{"flat-base", "a base supersedes in its own field alone", fold, []edit{{"\t\t\tsupersede(r, shown, folded)\n", "\t\t\tfor i := range s.Fields {\n\t\t\t\tsupersede(&s.Fields[i], shown, folded)\n\t\t\t}\n\t\t\t_ = r\n"}}, weather, true},
	{"last-writer-wins", "conflicts are kept", fold, []edit{{"r.Heads = slices.Insert(r.Heads, i, h)\n", "r.Heads = slices.Insert(r.Heads, i, h)\n\tr.Heads = r.Heads[len(r.Heads)-1:]\n"}}, weather, true},
	{"no-dead-list", "a write that was shown before it came does not stand", fold, []edit{{"dead := bury(s, e.ID)\n", "var dead []string\n\tbury(s, e.ID)\n"}}, rule, true},
	{"dead-though-folded", "only what is not folded goes to a dead list", fold, []edit{{"!known && !folded(shown)", "!known"}}, weather, false},
	{"dead-before-base", "the base is worked off before the dead lists are looked up", fold, []edit{{"\tfor _, f := range e.Set {\n\t\tr :=", "\tdead := bury(s, e.ID)\n\tfor _, f := range e.Set {\n\t\tr :="}, {"\tdead := bury(s, e.ID)\n\tfor _, f := range e.Set {\n\t\tif !slices", "\tfor _, f := range e.Set {\n\t\tif !slices"}}, rule, true},

	// Taking in.
	{"no-clamp", "no stamp is after the store clock", batch, []edit{{"rec.Eff = min(e.HLC, b.high())", "rec.Eff = e.HLC"}}, weather, true},
	{"dedupe-by-number", "the id alone is identity", push, []edit{{"\tif known {\n\t\treturn b.again", "\tif at, _ := b.tx.Get(store.Incs, store.IDSeqKey(p.ev.Inc, p.ev.N)); !known && at != nil {\n\t\treturn standing(res, store.Place{Seq: store.SeqOf(at), Standing: store.Folded}), nil\n\t}\n\tif known {\n\t\treturn b.again"}}, weather, true},
	{"one-fails-all", "one event never fails a batch", push, []edit{{"list[i] = prepare(req.Town, &req.Events[i])\n", "if list[i] = prepare(req.Town, &req.Events[i]); list[i].refuse != \"\" {\n\t\t\treturn nil, fault.New(fault.Invalid, \"\", \"an event that cannot be read\")\n\t\t}\n"}}, weather, false},
	{"reply-before-commit", "the reply leaves after the commit", push, []edit{{"\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn reply, nil\n", "\tif err != nil && reply == nil {\n\t\treturn nil, err\n\t}\n\treturn reply, nil\n"}}, weather, true},
	{"fork-told-once", "a fork is told until the phone has left it", push, []edit{{"if bound != nil && store.SeqOf(bound) != p.Seq {", "if bound != nil && err != nil {"}}, weather, false},
	{"result-of-the-moment", "a result is of the whole batch", push, []edit{{"results[i] = standing(wire.PushResult{ID: results[i].ID}, p)", "_ = p"}}, weather, false},
	{"catalog-of-memory", "a batch sees the catalogue of its own transaction", batch, []edit{{"known.stamp == b.catalogStamp {", "known.Catalog != nil {"}}, weather, false},

	// Head, chain, epoch.
	{"no-reoffer", "an unknown head is told", push, []edit{{"Reoffer: !known", "Reoffer: !known && false"}}, weather, true},
	{"chain-of-ids", "the chain has salt and nonce in it", "internal/store/record.go", []edit{{"\th.Write(r.Salt[:])\n", ""}, {"\tcopy(b[64:], r.Nonce[:])\n", ""}}, killer{"./internal/replica", "^TestTwoHistories"}, true},
	{"known-by-seq", "a head is known by its chain", head, []edit{{"return ok && hex.EncodeToString(c[:]) == shown.Chain, err", "return ok || c[0] == 1, err"}}, weather, false},
	{"known-by-epoch", "the epoch is a hint", head, []edit{{"return ok && hex.EncodeToString(c[:]) == shown.Chain, err", "return ok && h.epoch == shown.Epoch || c[0] == 1, err"}}, weather, false},
	{"safe-of-other-histories", "safe is 0 while a backup of another history is offered", head, []edit{{"if err != nil || !known {\n\t\t\treturn 0, err\n\t\t}", "if err != nil {\n\t\t\treturn 0, err\n\t\t}\n\t\tif !known {\n\t\t\tcontinue\n\t\t}"}}, killer{"./internal/replica", "^TestSafeIs"}, true},

	// The feed.
	{"page-inside-seq", "a page ends where a seq ends", feed, []edit{{"for end < len(list) && list[end].seq", "for end < len(list) && false && list[end].seq"}}, weather, true},
	{"page-seems-last", "a page that one seq overfills is not the last", feed, []edit{{"\t\t\tenough := beyond(n, limit, seq, last)\n", "\t\t\tenough := beyond(n, limit, seq, last)\n\t\t\tif enough {\n\t\t\t\treturn false, nil\n\t\t\t}\n"}}, killer{"./internal/replica", "^TestAPageThatOneSeq"}, false},
	{"no-scope", "other classes void the cache", feed, []edit{{"c.scope != scopeOf(caller) || ", ""}}, weather, true},
	{"silent-release", "every change of standing moves the seq", settle, []edit{{"\treturn b.move(s, e, rec, p, reason)\n", "\twas := s.Seq\n\terr = b.move(s, e, rec, p, reason)\n\ts.Seq = max(was, s.wasSeq)\n\treturn err\n"}}, weather, false},
	{"sees-everything", "nobody receives what is not theirs", feed, []edit{{"return caller.Role.readsAll() || class == activity.ClassRef", "return true || class == activity.ClassRef"}}, weather, true},

	// Standing.
	{"waits-for-ever", "what waited is folded when the first event is", settle, []edit{{"\tif e.New != nil {\n\t\tif err := b.judgeAgainIn", "\tif e.New != nil && s == nil {\n\t\tif err := b.judgeAgainIn"}}, weather, true},
	{"kind-for-ever", "what waited for a kind is folded when the catalogue has it", settle, []edit{{"\treturn b.judgeAgainAll(kind)\n", "\treturn nil\n"}}, weather, false},
	{"no-rights", "a write without the right is parked", "internal/replica/judge.go", []edit{{"case !allowed(person.Role, e, s):", "case !allowed(person.Role, e, s) && s == nil:"}}, weather, true},
	{"torn-refold", "an entity whose first event came late is whole", settle, []edit{{"case !born:", "case s.Birth == nil && e.New == nil && (born || !born):"}}, killer{"./internal/replica", "^TestHoldingOne"}, false},

	// Attention.
	{"unseen-edit", "keeping it taken back settles only the edits that were seen", attend, []edit{{"return slices.Contains(shown, id) }), true\n", "return shown != nil || id.IsZero() }), true\n"}}, killer{"./internal/replica", "^TestAnEditOf"}, false},
	{"holes-stay", "a hole goes when it is filled", attend, []edit{{"\treturn b.leave(inc, n+1, to)\n", "\treturn b.leave(inc, from, to)\n"}}, weather, false},
	{"conflict-for-ever", "a conflict goes when a write names both answers", attend, []edit{{"if is.conflict != s.was.conflict {", "if is.conflict && !s.was.conflict {"}}, weather, true},
	{"verdict-on-verdict", "no verdict is heard about a decision", "internal/replica/judge.go", []edit{{"if e.New != nil && e.New.Type == activity.TypeDecisions || s.Birth", "if e.New != nil && e.New.Type == activity.TypeDecisions && s == nil || s.Birth"}, {"s.Birth.Type == activity.TypeDecisions {\n\t\treturn \"\", nil", "s.Birth.Type == \"none\" {\n\t\treturn \"\", nil"}}, killer{"./internal/replica", "^TestNoVerdict"}, false},
	{"another-inc", "a shut phone stays shut under another installation", "internal/replica/judge.go", []edit{{"|| !rec.Via.IsZero() && b.r.shut(b.t.id, rec.Via)", ""}}, killer{"./internal/replica", "^TestWhatAShutPhone"}, false},
	// Erasing.
	{"ledger-without-skeletons", "a town that lacks what was erased gets its skeleton", erase, []edit{{"\tif !ok && b.still {\n", "\tif !ok {\n"}}, weather, true},
	{"salt-kept", "the salt goes with the bytes", erase, []edit{{"rec.Bare, rec.Salt, rec.Bytes = true, [16]byte{}, skeleton", "rec.Bare, rec.Bytes = true, skeleton"}}, weather, false},
	{"erased-untold", "what is erased is told to every device, whatever its classes", feed, []edit{{"\tlist = append(list, gone...)\n", "\tif caller.Role.readsAll() {\n\t\tlist = append(list, gone...)\n\t}\n"}}, weather, false},
	{"buried-alive", "of what comes for an erased entity nothing is kept", push, []edit{{"} else if s.Erased {", "} else if s.Erased && p.item.Again {"}}, weather, true},
	{"values-stay", "a skeleton has no values", "internal/replica/erasable.go", []edit{{"\t\t\treturn event.Null\n", "\t\t\treturn v\n"}}, weather, false},
	{"backups-stay", "every backup is written anew", "server/rewrite.go", []edit{{"\tfor i, m := range all {\n", "\tfor i, m := range all[:0] {\n"}}, erased, false},
	{"former-files-stay", "files that were put aside are written anew", "server/asides.go", []edit{{"\tfor _, path := range list {\n", "\tfor _, path := range list[:0] {\n"}}, erased, false},
	{"pages-stay", "the file is written anew without its free pages", "server/erase.go", []edit{{"\tif err := h.engine.Compact(ctx, town); err != nil {\n\t\treturn out, err\n\t}\n", ""}}, erased, false},
	{"restored-as-it-was", "a backup from elsewhere is put back without what was erased", "server/restore.go", []edit{{"\tif err := h.eraseAgain(ctx, file, kept.Town); err != nil {", "\tif err := h.eraseAgain(ctx, file, event.ID{}); err != nil {"}}, killer{"./server", "^TestABackupThatWasElsewhere"}, false},
	{"unmarked", "an erasure that is broken off is finished", "server/ledgers.go", []edit{{"\tif err := h.mark(town); err != nil {\n\t\treturn err\n\t}\n\treturn l.Learn(lines)\n", "\treturn l.Learn(lines)\n"}}, killer{"./server", "^TestAnErasureThatIsKilled"}, false},

	// Figures.
	{"no-groups", "what was logged twice counts once", "internal/activity/group.go", []edit{{"f.Counted, f.Parties = false, t.ownOf(i)", "f.Counted, f.Parties = !f.Flags.Has(Voided), t.ownOf(i)"}}, weather, true},
	{"tally-of-its-own", "there is one way to count", feed, []edit{{"done, at := book.Done(t.table, year)\n", "done, at := make([]int, len(book.Measures)), uint64(0)\n\tt.table.Scan(func(v activity.View, facts []activity.Fact) {\n\t\tmatch := pledge.Match(v, book.Measures)\n\t\tat = v.At()\n\t\tfor i := range facts {\n\t\t\tfor _, m := range match.Of(&facts[i]) {\n\t\t\t\tdone[m]++\n\t\t\t}\n\t\t}\n\t})\n"}}, weather, false},
	{"older-row-wins", "a row that is read never takes the place of one that was committed", "internal/activity/pack.go", []edit{{"t.facts); known {\n\t\treturn r.Entity, true", "t.facts); known && r.Seq == 0 {\n\t\treturn r.Entity, true"}}, killer{"./internal/replica", "^TestATableThatIsFilled"}, false},
	{"copy-of-any-history", "a copy of the table is believed by its own history alone", "internal/replica/believe.go", []edit{{"fits = ok && chain == seal.chain", "fits = ok && (chain == seal.chain || chain[0] != seal.chain[1])"}}, killer{"./internal/replica", "^TestACopyOfAnother"}, false},
	{"catalog-before-the-hold", "holding back a catalogue's event counts at once", settle, []edit{{"\t\treturn b.unfollow(s)\n", "\t\treturn nil\n"}}, killer{"./internal/replica", "^TestHoldingBackACatalogs"}, false},
	{"stale-row", "a row follows its state", batch, []edit{{"\tlate, err := b.late(s)\n", "\tif s.Retracted() && s.wasSeq > 0 {\n\t\treturn nil, nil\n\t}\n\tlate, err := b.late(s)\n"}}, weather, true},

	// The phone.
	{"purge-without-safe", "an event goes when every backup has it", answer, []edit{{"o.Seq > 0 && o.Seq <= safe && now", "o.Seq > 0 && safe < 1<<62 && now"}}, weather, false},
	{"head-of-any-reply", "a head is adopted only when the one shown was known", answer, []edit{{"d.write(func(k *disk) { k.repair = true })\n\t\treturn", "d.write(func(k *disk) { k.head = &page.Head })\n\t\treturn"}}, weather, false},
	{"keeps-its-acks", "at reoffer every kept event is sent again", answer, []edit{{"if o := &k.own[i]; o.Seq > 0 {", "if o := &k.own[i]; o.Seq > 0 && o.Again {"}}, weather, false},
	{"cursor-before-data", "a page and its cursor are one transaction", answer, []edit{{"\tnext := c.clone()\n", "\tc.Cursor = page.Next\n\tnext := c.clone()\n"}}, weather, false},
	{"no-fence", "only the reply to the latest turn counts", answer, []edit{{"\tif !d.Current(r) {\n\t\treturn\n\t}\n\tswitch", "\tswitch"}}, weather, false},
	{"pull-before-push", "a pull is sent when everything is answered", request, []edit{{"\tif d.Unsent() > 0 {\n\t\treturn nil\n\t}\n", ""}}, weather, false},

	// The files.
	{"compact-in-doubt", "writing a file anew opens no town whose commit failed", "internal/store/boltstore/compact.go", []edit{{"	if err == nil {\n		err = old.trouble()\n	}\n", ""}, {"	if err := old.trouble(); err != nil {\n		return fmt.Errorf(\"compact town %s: %w\", id, err)\n	}\n", ""}}, doubt, true},
	{"back-unlooked", "a town in doubt is looked at before it is opened", "internal/store/boltstore/engine.go", []edit{{"e.vacate(old, errShut, nil)", "e.vacate(old, errShut, e.comeBack)"}}, doubt, false},
	{"empty-is-new", "a file that lost nearly all is damage", "internal/store/boltstore/town.go", []edit{{"info.Size() < leastSize", "info.Size() < 0"}}, doubt, false},

	// The app.
	{"desk-once", "what a desk wrote outlives the town's file", "internal/replica/push.go", []edit{{"if r.copies != nil && caller.Phone.IsZero() {", "if r.copies != nil && caller.Phone.IsZero() && false {"}}, desks, false},
	{"desk-keeps-erased", "what a desk wrote of what is erased is kept nowhere", "internal/replica/push.go", []edit{{"if len(gone) == 0 {", "if len(gone) >= 0 {"}}, desks, false},
	{"folds-tomorrow", "what a later app wrote stands aside", "internal/replica/judge.go", []edit{{"	case e.Version > event.Version:\n		return version, nil\n", ""}}, weather, false},
	{"app-echoes-tomorrow", "a phone repeats of a head what it knows", engine, []edit{{"turn, head: shown, pending", "turn, head, pending"}, {"    const shown = head && { epoch: head.epoch, seq: head.seq, chain: head.chain };\n", ""}}, phone, true},
	{"app-flat-base", "a base supersedes in its own field alone", appFold, []edit{{"?? []) supersede(r, shown, folded);", "?? [])\n      for (const other of Object.keys(s.f)) supersede(ensure(s, other), shown, folded);\n    ensure(s, field);\n    void r;"}}, phone, true},
	{"app-heads-collapsed", "what is laid over keeps conflicts", appFold, []edit{{"r.h = [...r.h, head].sort(compareHeads);", "r.h = [head];\n  void compareHeads;"}}, unit, false},
	{"app-known-is-stored", "an answered event is shown until the cache has it", appRow, []edit{{"return row.seq === null || row.seq > entity.seq || ", "return row.seq === null || "}}, phone, true},
	{"app-again-laid-over", "what is offered again is not laid over", appRow, []edit{{"if ((row.again || isCarried(row)) && row.seq", "if (isCarried(row) && row.seq"}}, unit, false},
	{"app-cursor-first", "a page and its cursor are one transaction", cache, []edit{{"    return this.db.write(['entities', 'small'], async (tx) => {\n      const small = tx.objectStore('small');\n      const [cursor", "    const mine = await this.db.write(['entities', 'small'], async (tx) => {\n      const small = tx.objectStore('small');\n      const [cursor"}, {"        ...page.ents.map((entity) => tx.objectStore('entities').put(entity)),\n", ""}, {"      return true;\n    });\n", "      return true;\n    });\n    if (mine)\n      await this.db.write(['entities'], async (tx) => {\n        await Promise.all(page.ents.map((entity) => tx.objectStore('entities').put(entity)));\n      });\n    return mine;\n"}}, unit, false},
	{"app-cursor-moved", "a page is applied where it was asked for", cache, []edit{{"if (cursor !== asked || epoch !== page.head.epoch) return false;", "if (cursor === '-' || epoch !== page.head.epoch) return false;"}}, unit, false},
	{"app-other-epoch", "a cache of another epoch is not read", cache, []edit{{"epoch !== null && filled !== undefined && filled !== epoch;", "epoch !== null && filled !== undefined && filled === '-';"}}, unit, false},
	{"app-two-transactions", "number and event are one transaction", outbox, []edit{{"    return this.db.write(['events', 'small', 'drafts'], async (tx) => {", "    const before = await this.db.write(['small'], async (tx) => {\n      const n = ((await tx.objectStore('small').get(`n:${s.inc}`)) as number | undefined) ?? 1;\n      await tx.objectStore('small').put(n + 1, `n:${s.inc}`);\n      return n;\n    });\n    return this.db.write(['events', 'small', 'drafts'], async (tx) => {"}, {"const [known, next, last, off] =", "const [known, , last, off] ="}, {"const n = (next as number | undefined) ?? 1;", "const n = before;"}, {"small.put(n + 1, `n:${s.inc}`), small.put(hlc, 'hlc')", "small.put(hlc, 'hlc')"}}, phone, true},
	{"app-full-is-saved", "saved is said when it is on disk", outbox, []edit{{"    } catch (cause) {\n      return {", "    } catch (cause) {\n      if (isFull(cause)) return { ok: true, e: s.e, id: s.id };\n      return {"}}, unit, false},
	{"app-no-fence", "only the reply to the latest turn counts", turns, []edit{{"const fresh = (await small.get('turn')) === turn && (await small.get('settled')) !== turn;", "const fresh = turn > 0;"}}, phone, true},
	{"app-head-first", "outcomes and head are one transaction", turns, []edit{{"  return outbox.db.write(['events', 'small'], async (tx) => {\n    const small = tx.objectStore('small');\n    const fresh", "  await outbox.db.write(['small'], async (tx) => {\n    if ((await tx.objectStore('small').get('turn')) === turn) await tx.objectStore('small').put(receipt.head, 'head');\n  });\n  return outbox.db.write(['events', 'small'], async (tx) => {\n    const small = tx.objectStore('small');\n    const fresh"}}, unit, false},
	{"app-purge-without-safe", "an event goes when every backup has it", turns, []edit{{"seq !== null && seq <= receipt.safe && ", "seq !== null && receipt.safe >= 0 && "}}, unit, false},
	{"app-purge-without-age", "an event is kept for sixty days", turns, []edit{{"answered !== null && answered <= before)", "answered !== null && before > 0)"}, {"const oldest = Math.max(now, receipt.now) - KEEP_MS;", "const oldest = Math.max(now, receipt.now);"}}, phone, true},
	{"app-one-inc-again", "at reoffer the events of everyone on the phone are sent again", turns, []edit{{"rows.filter(isOfferable).forEach(offerAgain)", "rows.filter((row) => isOfferable(row) && row.inc === rows.at(-1)?.inc).forEach(offerAgain)"}}, unit, false},
	{"app-drops-refused", "what is refused stays until a person decides", turns, []edit{{"    await purge(tx, receipt, now);\n", "    await purge(tx, receipt, now);\n    for (const row of await rowsThatAre(tx, 'refused')) await tx.objectStore('events').delete([row.inc, row.n]);\n"}}, phone, true},
	{"app-deaf-to-forks", "a phone that shares its numbers takes new ones", turns, []edit{{"all.filter((person) => fork.includes(person.inc))", "all.filter((person) => fork.includes(person.inc) && now < 0)"}}, unit, false},
	{"app-pull-before-push", "a pull is sent when everything is answered", turns, []edit{{"    if ((await countPending(tx)) > 0) return null;\n", ""}}, unit, false},
	{"app-head-of-any-reply", "a head is adopted only when the one shown was known", engine, []edit{{"    if (page.reset === 'head' || strange) return", "    if (page.reset === 'head' || strange) await outbox.db.write(['small'], (tx) => tx.objectStore('small').put(page.head, 'head'));\n    if (page.reset === 'head' || strange) return"}}, unit, false},
	{"app-401-drops", "no status removes anything", engine, []edit{{"    await failTurn(outbox, turn.turn, reply", "    if (reply.status === 401) await outbox.db.write(['events'], (tx) => tx.objectStore('events').clear());\n    await failTurn(outbox, turn.turn, reply"}}, unit, false},
	{"app-turn-unwritten", "a turn is written before its request leaves", turns, []edit{{"  await small.put(turn, 'turn');\n", ""}}, phone, true},
	{"app-sending-for-ever", "what was being sent when the app died is sent again", turns, []edit{{"    await restate(tx, stopped, 'unsent');\n", ""}}, unit, false},
	{"app-double-tap", "an event is written once", outbox, []edit{{"      if (known) return known;\n", ""}}, phone, true},
	{"app-draft-stays", "a draft goes with the save of it", outbox, []edit{{"        tx.objectStore('drafts').delete(s.id),\n", ""}}, unit, false},
	{"app-late-autosave", "a draft whose event is saved stays gone", outbox, []edit{{"if (!saved && !seen", "if ((!saved || saved) && !seen"}}, unit, false},
	{"app-erased-typed-on", "a form that is open keeps nothing of what is erased", outbox, []edit{{"!seen.some((row) => row?.state === 'erased')", "!seen.some((row) => row?.state === 'erased' && row.n < 0)"}}, unit, false},
	{"app-stamp-forgotten", "stamps grow with numbers, whatever the clock", outbox, []edit{{"nextStamp(last as Stamp | undefined, s.now)", "nextStamp(s.now < 0 ? (last as Stamp) : undefined, s.now)"}}, phone, true},
	{"app-no-scope", "other classes void the cache", engine, []edit{{"if (page.reset === 'scope' && asked !== '')", "if (page.reset === 'scope' && asked === '-')"}}, unit, false},
	{"app-unrepaired", "an unknown head is mended by a push", engine, []edit{{"return this.#void(null, { more: false, reset: true });", "return this.#void(null, { more: false, reset: false });"}}, unit, false},
	{"app-reoffer-keeps-cache", "at reoffer the cache starts anew", engine, []edit{{"? (await cache.clear(receipt.head.epoch), true)", "? false"}}, unit, false},
	{"app-shut-out-deaf", "whoever is shut out hears of a restore", machine, []edit{{"(by === 'timer' ? stay(m) : push(m, true))", "(by === 'timer' ? stay(m) : push(m))"}}, unit, false},
	{"app-cursor-unheard", "what another tab fetched is shown", kept, []edit{{"const isNext = change === null || asked === this.#cursor;", "const isNext = change === null || asked !== '-';"}}, unit, false},
	{"app-purged-shown", "a row that is gone is shown no more", kept, []edit{{"if (!this.#isWhole || found.count === this.own.count) return;", "if (!this.#isWhole || found.count >= 0) return;"}}, unit, false},
	{"app-part-is-whole", "what is not read yet is read before it is asked about", kept, []edit{{"kept.#isWhole = first.count === first.rows.length && cached.count === cached.entities.length;", "kept.#isWhole = first.count >= 0 && cached.count >= 0;"}}, unit, false},
	{"app-reply-unheard", "a reply to one who left is told to whoever came", "pwa/src/sync/session.ts", []edit{{"    this.#channel.post(message);\n", "    if (!this.#closed) this.#channel.post(message);\n"}}, phone, true},
	{"app-lead-unheard", "who waited for one who left sends when that has ended", "pwa/src/sync/session.ts", []edit{{"      if (busy) this.say({ type: 'saved' }); // it is their turn now\n", "      void busy;\n"}}, unit, false},
	{"app-erased-answer", "what is answered erased has no bytes", turns, []edit{{"  if (c === 'erased') row.bytes = '';\n", ""}}, phone, true},
	{"app-erased-stays", "what a page says is erased has no bytes", erasing, []edit{{"{ ...row, bytes: '', state: 'erased' }", "{ ...row, state: 'erased' }"}}, unit, false},
	{"app-erased-drafts", "a draft that holds what was erased goes", erasing, []edit{{"if (holds(draft, gone, touched)) await", "if (draft.e === '' && holds(draft, gone, touched)) await"}}, unit, false},
	{"app-erased-for-one", "what was erased goes from the caches of everyone here", erasing, []edit{{"  for (const { account } of persons) await", "  for (const { account } of persons.slice(0, 0)) await"}}, unit, false},
}
