/**
 * The words of the phone, in Swedish, which is the original. The voice: du, in the present tense, one thought per sentence;
 * what happened, what it means for you, what you can do. Never fel, ogiltig, misslyckades. Keys say where a word is used.
 */
export const sv = {
  // States, as an entry, a measure and the header show them.
  'state.draft': 'Utkast',
  'state.saved': 'Sparad på telefonen',
  'state.sending': 'Skickas',
  'state.received': 'Mottagen',
  'state.flagged': 'Mottagen, flaggad',
  'state.action': 'Kräver åtgärd',
  'state.retracted': 'Tillbakatagen',
  'v.met': 'Uppfyllt',
  'v.onTrack': 'På väg',
  'v.behind': 'Efter plan',
  'v.notMet': 'Ej uppfyllt',
  'v.unmeasurable': 'Går ej att mäta',
  'pill.none': 'Allt skickat {time}',
  'pill.nothing': 'Inget att skicka',
  'pill.unsent': { one: '{n} ej skickad', other: '{n} ej skickade' },
  'pill.oldest': { one: '{age}', other: 'äldst {age}' },
  'pill.action': { one: '{n} kräver åtgärd', other: '{n} kräver åtgärd' },
  'pill.signIn': 'Koppla igen',

  // Days and durations.
  'day.today': 'i dag',
  'day.yesterday': 'i går',
  'age.new': 'under 1 min',
  'age.min': { one: '{n} min', other: '{n} min' },
  'age.h': '{h} h',
  'age.hmin': '{h} h {m} min',
  'age.days': { one: '{n} dygn', other: '{n} dygn' },
  min: '{m} min',

  // Finding the way.
  'nav.main': 'Huvudmeny',
  'nav.home': 'Hem',
  'nav.mine': 'Mina',
  'nav.promise': 'Löftet',
  'nav.back': 'Tillbaka',
  'nav.do': 'Gör',
  'nav.settings': 'Inställningar',
  'nav.starting': 'Öppnar loggen på telefonen.',
  'nav.gone': 'Här finns inget att visa',
  'nav.noStorage':
    'Telefonen låter inte appen spara något. Stäng av privat surfning, eller gör plats på telefonen, och öppna appen igen.',
  'nav.later': 'Den delen av appen är inte hämtad än. Den kommer när det finns nät.',

  // Home.
  'home.log': 'Logga {kind}',
  'home.toPatrol': 'Till patrullen',
  'home.notStarted': 'Telefonen kunde inte skriva ner starten. Försök igen.',
  'patrol.running': '{kind} pågår',
  'patrol.paused': '{kind} pausad',
  'patrol.since': 'sedan {time}',
  'home.startSub': '{place}, som sist',
  'home.startNew': 'Välj plats',
  'home.after': 'Logga i efterhand: {kind}',
  'home.latest': 'Senast från dig',
  'home.all': 'Alla',
  'home.allOfMine': 'Alla mina poster',
  'home.empty.title': 'Inget loggat än',
  'home.empty': 'Välj en aktivitet här nedanför, så hamnar den här. Det går bra utan nät.',
  'home.noKinds': 'Listan över aktiviteter är inte hämtad än. Den kommer när det finns nät.',
  'draft.kept': 'Utkastet ligger kvar',
  undo: 'Ångra',

  // How it goes for the promise.
  'measure.received': { one: '{n} mottagen', other: '{n} mottagna' },
  'measure.mine': '{received} + {m} på din telefon',
  'measure.promised': { one: '{n} lovad i år', other: '{n} lovade i år' },
  'measure.of': '{n} av {m}',
  'measure.over': '{n}, lovat {m}',
  'measure.unsent': { one: '({n} osänd)', other: '({n} osända)' },
  'measure.expected': { one: '{n} väntad i dag', other: '{n} väntade i dag' },
  'measure.aloud': '{n} av {m} gjorda, {e} väntade i dag',
  'measure.aloudMine': '{n} av {m} gjorda med dina osända, {e} väntade i dag',
  'measure.noNumber': 'Löftet nämner inget tal.',
  'measure.notYet': 'Antalet är inte hämtat än',
  'measure.hidden': 'Antalet visas inte på telefoner',

  // The form.
  people: { one: '{n} person', other: '{n} personer' },

  // The promise.
  'promise.both': '{a} och {b}',
  'promise.one': '{a} ansvarar',

  // Not sent.
  'unsent.oldest': 'Äldst {age}',
  'sync.offline': 'Utan nät, sparas på telefonen',
  'sync.portal': 'Nätet vill att du loggar in först. Allt är kvar i telefonen.',
  'sync.allSent': 'Allt är skickat.',
  'sync.signIn': 'Telefonen behöver kopplas igen för att skicka. Posterna ligger kvar på telefonen.',
  'update.ready': 'Ny version finns. Den byts när du är klar med utkastet.',
  'update.now': 'Byt nu',
  'update.draft': 'Ett utkast är öppet. Spara eller släng det, så byts versionen.',

  // Choices.
} as const;
