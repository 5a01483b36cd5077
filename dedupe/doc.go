// Package dedupe recognises the same news.
//
// An [Index] takes stories one by one, in order of arrival, and says of each which group it belongs to:
// one that exists, as a copy of a text that is there or as an independent report of the same event, or a
// new one. It links a new group to the running story that it follows. Every decision carries the
// evidence for it and a sentence that a reader understands.
//
// What it promises: the same stories in the same order give the same decisions, on every machine. A
// group's id is never given to another group. Memory is bounded by the window, not by what went through.
// Within one outlet only copies merge. A pair named in [Options.KeepApart] is never put together.
//
// What it will not do: it stores nothing and reads no clock (time is what the stories say); it is not
// safe for concurrent use, as one writer decides in order; it does not read languages other than Arabic
// with care, though it compares them by their words.
//
// The way of a story: text.go takes boilerplate off, what is known of all outlets and what boilerplate.go has
// learnt of each source; print.go makes its fingerprint, candidates.go finds the few that it could be compared
// with, desk.go and features.go measure each pair, a [Scorer] weighs the measures, index.go decides, evidence.go
// says why and threads.go finds the running story that a new group follows.
//
// What is kept: entry.go and postings.go hold the stories of the window in little memory, stats.go how often
// words are seen. stored.go writes a fingerprint down and restore.go takes it back, so that a restart reads no
// text and changes no decision.
package dedupe
