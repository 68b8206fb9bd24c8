// Package sim plays years of bad weather between phones and a server in a minute, and checks what must hold when the
// weather is over.
//
// Everything follows from one seed: what people do, what the network loses, when the server is restored, every id and
// nonce. There are no goroutines and no wall clock, so a seed that fails fails again, and the steps that do not matter
// can be taken away one by one. The replica, the fold, the engines and the JSON are the real ones; the phones are
// testkit's. It is all in tests: see TestWeather.
package sim
