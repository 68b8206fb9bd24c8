// Package sim plays years of bad weather between phones and a server in a minute, and checks what must hold when the
// weather is over.
//
// Everything follows from one seed: what people do, what the network loses, when the server is restored, every id and
// nonce. There is no wall clock and nothing runs by itself, so a seed that fails fails again, and the steps that do not
// matter can be taken away one by one. The replica, the fold, the engines, the router and the JSON are the real ones.
//
// Phones come in two makes, and one world may have both. Testkit's do what they are told and are quick: TestWeather
// plays twenty thousand seeds with them. The others run the app itself, FieldApp of pwa/src/sync with its engine and
// its journal, hosted by a Node process (pwa/src/sim) that is spoken to in lockstep: a command goes in, and the answer
// comes when nothing more can happen without another. TestWeatherOnTheApp plays those. The audits are the same ones,
// since they read a handset and not a make; what the app shows on its screens is audited too.
//
// What is erased is looked for afterwards in every byte of the server's file and of every phone's storage, and on its screens.
package sim
