// Written by `make api` from docs/api/openapi.yaml. Change that, not this.

export type paths = {
    readonly "/api/v1/sync/push": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post: operations["push"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sync/changes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["changes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sync/digest": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["digest"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/catalog": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The catalogue of kinds, the same entity that everyone pulls; docs/api/kinds.md has its form. */
        readonly get: operations["catalog"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/entities/{e}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["history"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description Server-sent events. Each `poke` says that something changed, never what. A comment line keeps the connection open. */
        readonly get: operations["live"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/enrol": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description Connects a phone. The same code with the same token may be sent again when the reply was lost. */
        readonly post: operations["enrol"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/code": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description What a code is for, without using it up. Counts as an attempt when the code is unknown. */
        readonly post: operations["lookAtCode"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/desk/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description Uses up a desk code and sets the session cookie. */
        readonly post: operations["signIn"];
        readonly delete: operations["signOut"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/phone": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** @description Signs out of the phone that asks. Its token opens nothing from then on; what was written there is judged as before, whoever carries it. */
        readonly delete: operations["leave"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["me"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/follow-up": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["followUp"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/entries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The entries behind a figure. With the same filters, `total` here is the figure there. */
        readonly get: operations["entries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/attention": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description What needs a look, and what was decided about it. Decisions are pushed as events; docs/api/protocol.md says how. */
        readonly get: operations["attention"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/places": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The places, also those that are closed or the same as another, and those that phones propose. A figure is the `total` of `entries?place=`. */
        readonly get: operations["places"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/people": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description For coordinators alone, as everything here. */
        readonly get: operations["people"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/people/invitations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description A link and a code that let one in, once. Neither can be asked for again. */
        readonly post: operations["invite"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/people/{account}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** @description What is left out stays. What was parked for `right` is judged again. */
        readonly patch: operations["changePerson"];
        readonly trace?: never;
    };
    readonly "/api/v1/people/{account}/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description Desks end; phones may only push, and what they push is parked. The last coordinator cannot be shut out here. */
        readonly post: operations["revokePerson"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/people/{account}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description Lets somebody in again, and has what was parked judged again. */
        readonly post: operations["restorePerson"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/phones/{id}/slip": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description What came from an installation, by the local day that it was saved there; at most 92 days, the last fourteen unless said. A field worker is told of own events alone. One day has its events too. See docs/api/protocol.md, Slip. */
        readonly get: operations["slip"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/phones/{id}/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** @description A lost phone may only push, and what it pushes is parked. Its person may connect another. */
        readonly post: operations["revokePhone"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/phones/{id}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post: operations["restorePhone"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["healthz"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: operations["readyz"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
};
export type webhooks = Record<string, never>;
export type components = {
    schemas: {
        /** Format: uuid */
        readonly Id: string;
        /**
         * Format: int64
         * @description Milliseconds since 1970
         */
        readonly Millis: number;
        readonly Head: {
            readonly epoch: components["schemas"]["Id"];
            /** Format: int64 */
            readonly seq: number;
            readonly chain: string;
        };
        readonly PushRequest: {
            /**
             * @description Version of the protocol
             * @constant
             */
            readonly p: 1;
            readonly town: components["schemas"]["Id"];
            readonly inc: components["schemas"]["Id"];
            /** Format: int64 */
            readonly turn: number;
            readonly head: components["schemas"]["Head"] | null;
            readonly wall: components["schemas"]["Millis"];
            /** @description Unsent events on the phone, these included */
            readonly pending: number;
            /** @description When the oldest unsent event was saved */
            readonly oldest: components["schemas"]["Millis"] | null;
            /** @description The browser promised not to clear the storage */
            readonly persisted: boolean;
            readonly app: string;
            readonly events: readonly components["schemas"]["PushItem"][];
        };
        readonly PushItem: {
            readonly id: components["schemas"]["Id"];
            readonly inc: components["schemas"]["Id"];
            /** Format: int64 */
            readonly n: number;
            /** @description How `ev` is sealed; `none` today */
            readonly seal: string;
            /** @description The event's canonical bytes */
            readonly ev: string;
            readonly sig: string | null;
            /** @description Offered again after a restore, or imported; its lateness is not counted */
            readonly again: boolean;
        };
        readonly PushReply: {
            readonly head: components["schemas"]["Head"];
            /** Format: int64 */
            readonly safe: number;
            readonly now: components["schemas"]["Millis"];
            readonly reoffer: boolean;
            readonly fork: readonly components["schemas"]["Id"][];
            readonly contig: {
                readonly [key: string]: number;
            };
            /** @description Hashes of photos that are missing */
            readonly need: readonly string[];
            readonly res: readonly components["schemas"]["PushResult"][];
            readonly limits: components["schemas"]["Limits"];
            /** @description Wait this long before the next push, 0 for none */
            readonly retry_ms: number;
        };
        readonly PushResult: {
            readonly id: string;
            /** @enum {string} */
            readonly c: "ok" | "parked" | "erased" | "later" | "refused";
            /**
             * Format: int64
             * @description Of the stored event; for all but later and refused
             */
            readonly seq?: number;
            /** @description A reason of docs/api/protocol.md, Standing */
            readonly why?: string;
            /** @description What exactly, in English, for the one who looks into it */
            readonly detail?: string;
        };
        readonly Limits: {
            readonly events: number;
            readonly bytes: number;
        };
        readonly ChangesReply: {
            readonly ents: readonly components["schemas"]["Entity"][];
            readonly erased: readonly components["schemas"]["Id"][];
            readonly next: string;
            readonly more: boolean;
            readonly head: components["schemas"]["Head"];
            /** Format: int64 */
            readonly safe: number;
            readonly now: components["schemas"]["Millis"];
            /** @description On the last page; left out while the figures are being read after a start: keep the one you have */
            readonly tally?: components["schemas"]["Tally"];
            /** @enum {string} */
            readonly reset?: "scope" | "head";
        };
        readonly CatalogReply: {
            /** @description null before the town has one */
            readonly catalog: components["schemas"]["Entity"] | null;
        };
        readonly Entity: {
            readonly e: components["schemas"]["Id"];
            /** Format: int64 */
            readonly seq: number;
            /** @description null when nothing is folded or it was erased */
            readonly st: components["schemas"]["State"] | null;
            readonly flags?: readonly "erased"[];
            readonly parked: readonly components["schemas"]["Parked"][];
        };
        readonly Parked: {
            readonly id: components["schemas"]["Id"];
            readonly why: string;
        };
        readonly State: {
            readonly t: string;
            readonly kind: string | null;
            readonly parent: components["schemas"]["Id"] | null;
            readonly by: components["schemas"]["Id"];
            readonly f: {
                readonly [key: string]: components["schemas"]["Register"];
            };
        };
        readonly Register: {
            /** @description Standing writes, the displayed one last */
            readonly h: readonly components["schemas"]["HeadWrite"][];
            /** @description Ids that were shown to a write before they came */
            readonly d?: readonly components["schemas"]["Id"][];
        };
        readonly HeadWrite: {
            readonly id: components["schemas"]["Id"];
            readonly eff: components["schemas"]["Stamp"];
            readonly inc: components["schemas"]["Id"];
            /** Format: int64 */
            readonly n: number;
            readonly v: components["schemas"]["Value"];
        };
        readonly Stamp: string;
        readonly Value: string | number | boolean | null | readonly (string | number | boolean)[];
        readonly Tally: {
            /**
             * Format: int64
             * @description The head's seq
             */
            readonly at: number;
            /** @description Promise year from 1 */
            readonly year: number;
            /** Format: date */
            readonly from: string;
            /**
             * Format: date
             * @description Last day
             */
            readonly to: string;
            readonly measures: readonly components["schemas"]["TallyMeasure"][];
        };
        readonly TallyMeasure: {
            readonly e: components["schemas"]["Id"];
            /** @description null where the number is not for phones */
            readonly done: number | null;
        };
        readonly DigestReply: {
            readonly head: components["schemas"]["Head"];
            /** Format: int64 */
            readonly count: number;
            readonly xor: string;
        };
        readonly HistoryReply: {
            readonly e: components["schemas"]["Id"];
            readonly state: components["schemas"]["Entity"];
            readonly events: readonly components["schemas"]["HistoryEvent"][];
            /** @description What stands decided about the entity and its events, the oldest first; empty for the role field */
            readonly decisions: readonly components["schemas"]["Decision"][];
        };
        readonly HistoryEvent: {
            /** Format: int64 */
            readonly seq: number;
            readonly received: components["schemas"]["Millis"];
            /** @enum {string} */
            readonly standing: "folded" | "parked" | "erased";
            readonly why?: string;
            readonly id: components["schemas"]["Id"];
            readonly hlc: components["schemas"]["Stamp"];
            readonly by: components["schemas"]["Id"];
            /** @description Of the writer; a name is never sent */
            readonly role: string;
            /** @description Slug, empty when unknown */
            readonly party: string;
            /** @description The writer sent it */
            readonly carrier_same: boolean;
            /** @description Received more than seven days after it was written */
            readonly late: boolean;
            /** @description The event as docs/api/protocol.md has it; null when erased */
            readonly ev: {
                readonly [key: string]: unknown;
            } | null;
        };
        readonly Decision: {
            /** @description Register of an entity of type decisions */
            readonly f: string;
            readonly v: components["schemas"]["Value"];
            readonly at: components["schemas"]["Millis"];
            readonly by: components["schemas"]["Id"];
            readonly role: string;
            readonly party: string;
        };
        readonly Attention: {
            /** @description How many things wait */
            readonly open: number;
            /** @description The first 200 of them, by reason and then the newest first */
            readonly items: readonly components["schemas"]["AttentionItem"][];
            /** @description Of what is decided and can be taken back, the first 100 */
            readonly settled: readonly components["schemas"]["AttentionItem"][];
            /** @description The entity to write decisions on; null before the first */
            readonly decisions: components["schemas"]["Id"] | null;
            readonly now: components["schemas"]["Millis"];
        };
        readonly AttentionItem: {
            /** @description The same as long as it is about the same; `noted:` and this is a register */
            readonly id: string;
            /** @enum {string} */
            readonly reason: "conflict" | "parked" | "waiting" | "edited" | "dup" | "gap" | "fork" | "clock" | "silent";
            /** @description Of a parked event: a reason of docs/api/protocol.md, Standing */
            readonly why?: string;
            readonly e?: components["schemas"]["Id"];
            /** @description The larger of two entities that may be the same */
            readonly other?: components["schemas"]["Id"];
            readonly events: readonly components["schemas"]["Id"][];
            /** @description Type of the entity */
            readonly t?: string;
            readonly kind?: string;
            /** @description Its start as written */
            readonly started?: string;
            /** @description Entity */
            readonly place?: string;
            readonly name?: string;
            /** @description With two answers */
            readonly fields?: readonly string[];
            readonly inc?: components["schemas"]["Id"];
            readonly account?: components["schemas"]["Id"];
            /** @description Of the account; a name is never sent */
            readonly role?: string;
            readonly party?: string;
            /**
             * Format: int64
             * @description First missing number
             */
            readonly from?: number;
            /**
             * Format: int64
             * @description Last missing number
             */
            readonly to?: number;
            /**
             * Format: int64
             * @description How far the clock was ahead, ms
             */
            readonly off?: number;
            /** @description When the phone was last heard from */
            readonly seen?: components["schemas"]["Millis"];
            /**
             * Format: int64
             * @description What the phone said it had not sent
             */
            readonly unsent?: number;
            /**
             * Format: int64
             * @description Of the last event it is about, where a decision names it
             */
            readonly seq?: number;
            readonly at: components["schemas"]["Millis"];
            /** @description Registers that a decision about it is written to */
            readonly write: readonly components["schemas"]["Deciding"][];
            readonly decided?: components["schemas"]["Decision"];
        };
        readonly Deciding: {
            readonly f: string;
            readonly base: readonly components["schemas"]["Id"][];
        };
        readonly EnrolRequest: {
            readonly code: string;
            /** @description 32 random bytes that the phone made */
            readonly token: string;
            readonly inc: components["schemas"]["Id"];
            readonly name: string;
            /** @description Slug of the party the person logs for */
            readonly party: string;
            readonly app: string;
        };
        readonly EnrolReply: {
            readonly account: components["schemas"]["Id"];
            readonly role: components["schemas"]["Role"];
            readonly town: components["schemas"]["Town"];
            readonly now: components["schemas"]["Millis"];
        };
        readonly CodeRequest: {
            readonly code: string;
        };
        readonly CodeReply: {
            readonly role: components["schemas"]["Role"];
            readonly town: components["schemas"]["Town"];
            readonly until: components["schemas"]["Millis"];
            readonly parties: readonly components["schemas"]["Party"][];
            /** @description Who comes in again; null when the code makes a new account */
            readonly account: components["schemas"]["Id"] | null;
            /** @description Of the one who is invited, empty when unknown */
            readonly name: string;
            /** @description Slug, empty when unknown */
            readonly party: string;
        };
        readonly Party: {
            readonly slug: string;
            readonly sv: string;
            readonly en: string;
        };
        /** @enum {string} */
        readonly Role: "field" | "coordinator" | "reader";
        readonly PeopleReply: {
            /** @description The oldest account first */
            readonly people: readonly components["schemas"]["Person"][];
            readonly parties: readonly components["schemas"]["Party"][];
            readonly now: components["schemas"]["Millis"];
        };
        readonly Person: {
            readonly account: components["schemas"]["Id"];
            readonly name: string;
            readonly role: components["schemas"]["Role"];
            /** @description Slug, empty when unknown */
            readonly party: string;
            readonly created: components["schemas"]["Millis"];
            readonly revoked: components["schemas"]["Millis"] | null;
            /** @description When an open desk of theirs was last heard from */
            readonly desk: components["schemas"]["Millis"] | null;
            readonly phones: readonly components["schemas"]["Phone"][];
        };
        readonly Phone: {
            /** @description The installation it was connected as */
            readonly id: components["schemas"]["Id"];
            /** @description That one, and those that it became */
            readonly incs: readonly components["schemas"]["Id"][];
            /** @description Version of the app, empty when unknown */
            readonly app: string;
            readonly created: components["schemas"]["Millis"];
            readonly seen: components["schemas"]["Millis"];
            /** @description As it last said; null before it has */
            readonly unsent: number | null;
            /** @description When the oldest unsent event was saved */
            readonly oldest: components["schemas"]["Millis"] | null;
            /** @description When it last said what is unsent; a phone that is shut is not asked */
            readonly said: components["schemas"]["Millis"] | null;
            /** @description The browser promised not to clear the storage */
            readonly persisted: boolean;
            /** @description Not heard from for more than seven days, and not signed out */
            readonly silent: boolean;
            readonly revoked: components["schemas"]["Millis"] | null;
            /** @description When its person signed out of it */
            readonly left: components["schemas"]["Millis"] | null;
        };
        readonly Slip: {
            readonly inc: components["schemas"]["Id"];
            readonly now: components["schemas"]["Millis"];
            /**
             * Format: int64
             * @description The largest number that came
             */
            readonly max: number;
            /** @description What its phone last said to have unsent */
            readonly unsent: number | null;
            readonly said: components["schemas"]["Millis"] | null;
            /** @description Those that have something */
            readonly days: readonly components["schemas"]["SlipDay"][];
            /** @description Of the one day that was asked for, in order of number */
            readonly events?: readonly components["schemas"]["SlipEvent"][];
        };
        readonly SlipDay: {
            /** Format: date */
            readonly day: string;
            readonly received: number;
            readonly received_sum: components["schemas"]["Sum"];
            /** @description Entries that count in figures now, by their first event */
            readonly counted: number;
            readonly counted_sum: components["schemas"]["Sum"];
            /** @description Numbers that never came, below those of the day */
            readonly missing: readonly components["schemas"]["Span"][];
        };
        /** @description SHA-256 in hex of the ids in order, a newline after each */
        readonly Sum: string;
        readonly Span: {
            /** Format: int64 */
            readonly from: number;
            /** Format: int64 */
            readonly to: number;
        };
        readonly SlipEvent: {
            readonly id: components["schemas"]["Id"];
            readonly e: components["schemas"]["Id"];
            /** Format: int64 */
            readonly n: number;
            readonly received: components["schemas"]["Millis"];
            /** @description Why it is not counted by itself: a reason it is parked for, erased, change, other, retracted, double or undated; left out when it is */
            readonly why?: string;
        };
        readonly InvitationRequest: {
            readonly role: components["schemas"]["Role"];
            readonly name?: string;
            readonly party?: string;
            /** @description To let in again; of the same role */
            readonly account?: components["schemas"]["Id"];
        };
        readonly InvitationReply: {
            /** @description To the phone for `field`, else to the desk */
            readonly link: string;
            /** @description The same to type */
            readonly code: string;
            readonly role: components["schemas"]["Role"];
            readonly until: components["schemas"]["Millis"];
        };
        readonly PersonRequest: {
            readonly name?: string;
            readonly party?: string;
            readonly role?: components["schemas"]["Role"];
        };
        readonly Town: {
            readonly id: components["schemas"]["Id"];
            readonly name: string;
            readonly slug: string;
        };
        readonly Me: {
            readonly account: components["schemas"]["Id"];
            readonly name: string;
            readonly role: components["schemas"]["Role"];
            readonly party: string;
            readonly town: components["schemas"]["Town"];
        };
        readonly FollowUp: {
            readonly town: components["schemas"]["Town"];
            readonly pledge: components["schemas"]["Pledge"] | null;
            readonly year: components["schemas"]["Year"];
            readonly years: readonly components["schemas"]["Year"][];
            readonly parties: readonly components["schemas"]["Party"][];
            readonly measures: readonly components["schemas"]["MeasureFigures"][];
            /** @description Counted entries in the year */
            readonly entries: number;
            readonly head: components["schemas"]["Head"];
            readonly now: components["schemas"]["Millis"];
            /** @description When the latest entry was received */
            readonly received: components["schemas"]["Millis"] | null;
            /** @description Phones that have not been heard from for more than seven days */
            readonly silent: number;
        };
        readonly Pledge: {
            readonly e: components["schemas"]["Id"];
            readonly title: string;
            readonly intro: string;
            readonly situation_picture: string;
            readonly promise: string;
            readonly time_frame: string;
            readonly follow_up: string;
            readonly source: string;
            /** Format: date */
            readonly signed_on: string;
            /** Format: date */
            readonly from: string;
            /**
             * Format: date
             * @description Last day
             */
            readonly to: string;
            readonly forum: string;
            readonly cadence: string;
            readonly surveys: readonly string[];
        };
        readonly Year: {
            readonly n: number;
            /** Format: date */
            readonly from: string;
            /**
             * Format: date
             * @description Last day
             */
            readonly to: string;
        };
        readonly MeasureFigures: {
            readonly e: components["schemas"]["Id"];
            readonly title: string;
            readonly short: string;
            readonly responsible: readonly string[];
            readonly condition: string;
            readonly kinds: readonly string[];
            readonly target: components["schemas"]["Target"];
            /** @description The promise says more but not than what */
            readonly increase: boolean;
            readonly done: number;
            /** @description By today; only where the target is a number */
            readonly expected?: number;
            /**
             * @description Left out where the promise has no number to judge by
             * @enum {string}
             */
            readonly verdict?: "met" | "on_track" | "behind" | "not_met" | "unmeasurable";
            readonly months: readonly components["schemas"]["MonthFigure"][];
            readonly parties: readonly components["schemas"]["PartyFigure"][];
        };
        readonly Target: {
            /** @enum {string} */
            readonly type: "effort" | "count";
            readonly min?: number;
            /** @enum {string} */
            readonly per?: "year";
        };
        readonly MonthFigure: {
            /** @description `2026-11` */
            readonly month: string;
            readonly done: number;
            /** @description The month has not begun */
            readonly future: boolean;
        };
        readonly PartyFigure: {
            /** @description A slug for that party alone, `joint` for several, empty for none */
            readonly party: string;
            readonly done: number;
        };
        readonly EntriesReply: {
            readonly total: number;
            readonly entries: readonly components["schemas"]["Entry"][];
            readonly next?: string;
            readonly parties: readonly components["schemas"]["Party"][];
            readonly kinds: {
                readonly [key: string]: components["schemas"]["KindName"];
            };
            readonly places: {
                readonly [key: string]: string;
            };
        };
        readonly PlacesReply: {
            readonly places: readonly components["schemas"]["PlaceFigures"][];
            readonly proposals: readonly components["schemas"]["PlaceProposal"][];
            /** @description The entity to write decisions on; null before the first */
            readonly decisions: components["schemas"]["Id"] | null;
            readonly parties: readonly components["schemas"]["Party"][];
            readonly now: components["schemas"]["Millis"];
        };
        readonly PlaceFigures: {
            readonly e: components["schemas"]["Id"];
            readonly st: components["schemas"]["State"];
            readonly stands_for: components["schemas"]["Id"];
            /** @description Of all that stand for it; 0 where it stands for another */
            readonly done: number;
        };
        readonly PlaceProposal: {
            readonly e: components["schemas"]["Id"];
            readonly st: components["schemas"]["State"];
            /** @description Why it is parked */
            readonly why: string;
            readonly received: components["schemas"]["Millis"];
            /** @description Of the writer; a name is never sent */
            readonly role: string;
            /** @description Slug, empty when unknown */
            readonly party: string;
            readonly done: number;
        };
        readonly KindName: {
            readonly sv: string;
            readonly en: string;
            readonly icon: string;
        };
        readonly Entry: {
            readonly e: components["schemas"]["Id"];
            readonly kind: string;
            /** @description Local minute, `2026-11-20T21:10`; empty when unknown */
            readonly started_at: string;
            readonly minutes: number;
            /** @description What it counts as */
            readonly number: number;
            /** @description Entity of the place or empty */
            readonly place: string;
            readonly parties: readonly string[];
            readonly flags: readonly ("late" | "edited" | "voided" | "conflict" | "parked")[];
            /** Format: int64 */
            readonly seq: number;
        };
        readonly Health: {
            readonly ok: boolean;
            readonly version: string;
            readonly why?: string;
            /**
             * @description Phones can push and pull; the desk is told busy/figures until the figures are read
             * @enum {string}
             */
            readonly figures?: "loading";
        };
        readonly Problem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly detail?: string;
            /** @description What happened, what is safe, what to do next */
            readonly sv: string;
            readonly en: string;
            readonly field?: string;
            readonly request_id?: string;
        };
    };
    responses: {
        /** @description RFC 9457 */
        readonly Problem: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type $defs = Record<string, never>;
export interface operations {
    readonly push: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PushRequest"];
            };
        };
        readonly responses: {
            /** @description One result per event */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PushReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly changes: {
        readonly parameters: {
            readonly query?: {
                /** @description Opaque cursor of the last page applied; empty for the beginning */
                readonly cur?: string;
                /** @description `epoch:seq:chain` of the head the device has stored; empty for none */
                readonly head?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of states */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChangesReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly digest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A fingerprint of what the caller may see */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DigestReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly catalog: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The catalogue as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CatalogReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly history: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly e: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Every stored event of the entity in order of arrival */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HistoryReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly live: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A stream */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly enrol: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["EnrolRequest"];
            };
        };
        readonly responses: {
            /** @description Connected */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EnrolReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly lookAtCode: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CodeRequest"];
            };
        };
        readonly responses: {
            /** @description The code can be used */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CodeReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly signIn: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CodeRequest"];
            };
        };
        readonly responses: {
            /** @description Signed in */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly signOut: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session is gone */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly leave: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Signed out */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly me: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Who is asking */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly followUp: {
        readonly parameters: {
            readonly query?: {
                /** @description Promise year from 1; the present one when left out */
                readonly year?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The pledge and how it goes */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FollowUp"];
                };
            };
            /** @description The figures are being read after a start: `/problems/figures` with Retry-After 1 */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly entries: {
        readonly parameters: {
            readonly query?: {
                readonly measure?: components["schemas"]["Id"];
                readonly kind?: string;
                /** @description Promise year from 1 */
                readonly year?: number;
                /** @description `2026-11`, local */
                readonly month?: string;
                /** @description A party slug for entries of that party alone, `joint` for several, `none` for none */
                readonly party?: string;
                /** @description A place, with all that stand for the same */
                readonly place?: components["schemas"]["Id"];
                /** @description false: also what was taken back */
                readonly counted?: boolean;
                /** @description `next` of the page before */
                readonly after?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Entries */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EntriesReply"];
                };
            };
            /** @description As for follow-up */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly attention: {
        readonly parameters: {
            readonly query?: {
                /** @description false: only count */
                readonly list?: boolean;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What waits and what is decided */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Attention"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly places: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Places in the order of their ids */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PlacesReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly people: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The people of the town and their phones */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PeopleReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly invite: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["InvitationRequest"];
            };
        };
        readonly responses: {
            /** @description The link */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InvitationReply"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly changePerson: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PersonRequest"];
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly revokePerson: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Shut out */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly restorePerson: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Let in */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly slip: {
        readonly parameters: {
            readonly query?: {
                readonly from?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The slip */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Slip"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly revokePhone: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Shut out */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly restorePhone: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Let in */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly healthz: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The process answers */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readonly readyz: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Every town can be read and written; `figures` says loading while the desk has to wait for them */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Not yet or no longer */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}
