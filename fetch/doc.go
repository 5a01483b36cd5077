// Package fetch turns an address into clean stories: it asks a server politely for one feed document,
// reads the document whatever its state, and gives each of its items the shape of a [rafid.Story].
//
// A [Client] asks: conditionally, with bounds on time, size and redirects, one request at a time to a
// host, never to an address inside the operator's own network unless the target allows it, and not
// again before a server or its own back-off permits it. [Parse] reads: it finds the charset by evidence,
// refuses documents built to exhaust a parser, mends what is broken, lets gofeed parse, and fills in
// what gofeed drops. What had to be mended is told.
//
// What it promises: a document that holds an item is not lost for what is wrong around it; one bad item
// never loses the others; text meant for readers carries no markup, HTML meant for readers only what a
// page may show; a story keeps its id for as long as its source keeps the item's identity; no date lies
// in the future. What it will not do: it stores nothing, knows no schedule, and decides neither what is
// the same news nor which category it belongs to.
package fetch
