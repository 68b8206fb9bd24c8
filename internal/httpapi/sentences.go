package httpapi

// problem is what people are told: what happened, what is safe, what to do next. retry is in seconds, 0 says nothing.
type problem struct {
	status, retry int
	title, sv, en string
}

// problems has a sentence for every kind of fault, and for the codes of a kind that need their own. The code, or else the
// kind, is the last part of the document's type.
var problems = map[string]problem{
	"internal": {
		500, 0, "Internal error", "Något gick sönder på servern. Posterna ligger kvar på telefonen. Försök igen om en stund.",
		"Something broke on the server. Your entries are still on the phone. Try again in a while.",
	},
	"invalid": {
		400, 0, "Not understood", "Servern förstår inte det som skickades. Posterna ligger kvar på telefonen. Uppdatera appen och försök igen.",
		"The server does not understand what was sent. Your entries are still on the phone. Update the app and try again.",
	},
	"invalid/protocol": {
		400, 0, "Unknown protocol version", "Appen är nyare än servern. Posterna ligger kvar på telefonen. De skickas när servern är uppdaterad.",
		"The app is newer than the server. Your entries are still on the phone. They are sent when the server is updated.",
	},
	"not-found": {
		404, 0, "Not found", "Det finns inte här, eller är inte för dig. Gå tillbaka och försök igen.",
		"It is not here, or not for you. Go back and try again.",
	},
	"not-found/code-unknown": {
		404, 0, "Unknown code", "Koden finns inte. Läs den en gång till, eller be samordnaren om en ny.",
		"There is no such code. Read it once more, or ask the coordinator for a new one.",
	},
	"invalid/method": {
		405, 0, "Method not allowed", "Servern förstår inte det som skickades. Posterna ligger kvar på telefonen. Uppdatera appen och försök igen.",
		"The server does not understand what was sent. Your entries are still on the phone. Update the app and try again.",
	},
	"invalid/slow-body": {
		408, 5, "Too slow", "Nätet var för långsamt. Posterna ligger kvar på telefonen. Telefonen försöker igen.",
		"The network was too slow. Your entries are still on the phone. The phone tries again.",
	},
	"conflict": {
		409, 0, "Conflict", "Det finns redan och ser annorlunda ut. Inget är överskrivet. Ladda om och försök igen.",
		"It exists already and is different. Nothing is overwritten. Reload and try again.",
	},
	"conflict/last-coordinator": {
		409, 0, "The last coordinator", "Det finns ingen annan samordnare. Inget är ändrat. Bjud in en till först.",
		"There is no other coordinator. Nothing is changed. Invite another one first.",
	},
	"gone": {
		410, 0, "Gone", "Det är förbrukat. Be samordnaren om ett nytt.",
		"It is used up. Ask the coordinator for a new one.",
	},
	"gone/code-used": {
		410, 0, "Used code", "Länken är redan använd. Be samordnaren om en ny.",
		"This link has been used. Ask the coordinator for a new one.",
	},
	"gone/code-old": {
		410, 0, "Old code", "Länken gäller inte längre. Be samordnaren om en ny.",
		"This link is no longer valid. Ask the coordinator for a new one.",
	},
	"denied": {
		403, 0, "Not allowed", "Du har inte rätt till det här. Inget är borta. Fråga samordnaren.",
		"You have no right to this. Nothing is lost. Ask the coordinator.",
	},
	"denied/revoked": {
		403, 0, "Shut out", "Kontot är avstängt. Det du har skrivit kan skickas, och samordnaren ser över det.",
		"The account is shut. What you have written can be sent, and the coordinator looks at it.",
	},
	"denied/desk-role": {
		403, 0, "Code for a phone", "Koden är till en telefon och är inte förbrukad. Öppna länken på telefonen.",
		"The code is for a phone and is not used up. Open the link on the phone.",
	},
	"denied/phone-role": {
		403, 0, "Code for a desk", "Koden är till skrivbordet och är inte förbrukad. Öppna länken på datorn.",
		"The code is for the desk and is not used up. Open the link on the computer.",
	},
	"denied/plain-http": {
		403, 0, "Needs https", "Skrivbordet öppnas med https, eller på datorn där servern går. Koden är inte förbrukad.",
		"The desk opens with https, or on the computer where the server runs. The code is not used up.",
	},
	"denied/town": {
		403, 0, "Another town", "Telefonen är kopplad till en annan kommun. Posterna ligger kvar på telefonen. Fråga samordnaren.",
		"The phone is connected to another town. Your entries are still on the phone. Ask the coordinator.",
	},
	"denied/cross-origin": {
		403, 0, "Another site asked", "En annan webbplats försökte göra det här åt dig. Inget är gjort. Öppna Löfteslogg själv.",
		"Another site tried to do this for you. Nothing is done. Open Löfteslogg yourself.",
	},
	"unsigned": {
		401, 0, "Not signed in", "Logga in igen för att skicka. Posterna ligger kvar på telefonen.",
		"Sign in again to send. Your entries are still on the phone.",
	},
	"unsigned/silent": {
		401, 0, "Silent for too long", "Telefonen har varit tyst i 90 dagar. Posterna ligger kvar på telefonen. Be samordnaren om en ny länk.",
		"The phone has been silent for 90 days. Your entries are still on the phone. Ask the coordinator for a new link.",
	},
	"too-large": {
		413, 0, "Too large", "Det var för mycket på en gång. Posterna ligger kvar på telefonen. De skickas i mindre delar.",
		"It was too much at once. Your entries are still on the phone. They are sent in smaller parts.",
	},
	"invalid/media-type": {
		415, 0, "Unsupported media type", "Servern förstår inte det som skickades. Posterna ligger kvar på telefonen. Uppdatera appen och försök igen.",
		"The server does not understand what was sent. Your entries are still on the phone. Update the app and try again.",
	},
	"too-many": {
		429, 2, "Too many requests", "Det kom för mycket på kort tid. Posterna ligger kvar på telefonen. Telefonen försöker igen.",
		"Too much came in a short time. Your entries are still on the phone. The phone tries again.",
	},
	"too-many/code-attempts": {
		429, 900, "Too many attempts", "Det blev många försök på kort tid. Vänta en kvart, eller öppna länken i stället.",
		"There were many attempts in a short time. Wait fifteen minutes, or open the link instead.",
	},
	"too-many/streams": {
		429, 60, "Too many streams", "Löfteslogg är öppen i många flikar. Inget är borta. Stäng några av dem.",
		"Löfteslogg is open in many tabs. Nothing is lost. Close some of them.",
	},
	"busy": {
		503, 5, "Busy", "Servern är upptagen. Posterna ligger kvar på telefonen. Telefonen försöker igen. Du behöver inte vänta.",
		"The server is busy. Your entries are still on the phone. The phone tries again. You need not wait.",
	},
	"busy/read-only": {
		503, 60, "Only reading", "Servern kan bara läsa just nu. Posterna ligger kvar på telefonen. Säg till den som sköter servern.",
		"The server can only read right now. Your entries are still on the phone. Tell whoever runs the server.",
	},
	"busy/newer-file": {
		503, 60, "Written by a newer version", "Serverns program är äldre än det den har sparat. Posterna ligger kvar på telefonen. Säg till den som sköter servern.",
		"The server's program is older than what it has stored. Your entries are still on the phone. Tell whoever runs the server.",
	},
	"busy/figures": {
		503, 1, "Figures are being read", "Siffrorna läses in. Inget saknas; försök igen om några sekunder.",
		"The figures are being read. Nothing is missing; try again in a few seconds.",
	},
	"busy/crowded": {
		503, 5, "Crowded", "Många vill in samtidigt. Posterna ligger kvar på telefonen. Telefonen försöker igen. Du behöver inte vänta.",
		"Many want in at once. Your entries are still on the phone. The phone tries again. You need not wait.",
	},
	"full": {
		507, 60, "Disk full", "Serverns disk är full. Posterna ligger kvar på telefonen. Säg till den som sköter servern.",
		"The server's disk is full. Your entries are still on the phone. Tell whoever runs the server.",
	},
}
