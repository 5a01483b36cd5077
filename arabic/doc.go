// Package arabic reads and writes Arabic as news feeds use it.
//
// For matching it folds spelling ([Fold], [FoldKey]), cuts text into surface words ([Words]), reduces a
// word to a key that survives inflection and house spelling ([Key], [Terms]), and reads numbers written
// in digits or in words ([Number]). For dates it knows the month names of the three systems in use, the
// Hijri calendar and the ways outlets print a time. For readers it counts with the right plural, names
// months and writes numerals and directions.
//
// What it promises: folding and keys are deterministic and idempotent, never return invalid UTF-8 and
// never panic, whatever the bytes. What it will not do: it is no morphological analyser. Keys are made
// to be compared with each other, not to be read; show people the surface word beside the key.
//
// It imports the standard library and golang.org/x/text only, keeps no state, and every function may be
// called from many goroutines at once.
package arabic
