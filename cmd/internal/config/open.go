package config

import "strings"

// leftOpen finds a value, up to the line at which the parser stopped, whose quote or bracket was meant to
// be closed on its own line. The parser reads on until the next quote or bracket of the file, and then
// complains of that.
func (r *reader) leftOpen(at int) *finding {
	for i := 0; i <= at; i++ {
		line := r.mended[i]
		if !strings.ContainsAny(line, `"'[{`) || !significant(line) {
			continue
		}
		end, f := i, unclosedQuote(r, i)
		if f != nil {
			end = r.quoteEnd(i)
		} else if f = unclosedBracket(r, i); f != nil {
			end = r.bracketEnd(i)
		}
		if f == nil {
			continue
		}
		if end < 0 {
			f.line = i
			return f
		}
		i = end // it goes over several lines on purpose
	}
	return nil
}

// quoteEnd is the line on which the quoted value that line i begins is closed, with nothing behind it;
// -1 when the next quote is another value's.
func (r *reader) quoteEnd(i int) int {
	p := cut(r.mended[i])
	quote := p.line[p.value : p.value+1]
	for j := i + 1; j < len(r.mended); j++ {
		end := closingQuote(quote + r.mended[j])
		if end < 0 {
			continue
		}
		rest := strings.TrimSpace(r.mended[j][end:])
		if rest == "" || rest[0] == '#' || strings.ContainsAny(rest[:1], ",]}") {
			return j
		}
		return -1
	}
	return -1
}

// bracketEnd is the line on which the bracket that line i opens is closed; -1 when what follows on the
// way reads like the next entry of the file.
func (r *reader) bracketEnd(i int) int {
	p := cut(r.mended[i])
	list := p.line[p.value] == '['
	depth := deeper(0, p.line[p.value:])
	for j := i + 1; j < len(r.mended); j++ {
		line := r.mended[j]
		if !significant(line) {
			continue
		}
		next := cut(line)
		if next.start <= p.start && !strings.ContainsAny(line[next.start:next.start+1], "]}") || (list && next.hasColon && !next.quotedHead) {
			return -1
		}
		if depth = deeper(depth, line); depth <= 0 {
			return j
		}
	}
	return -1
}

// deeper is the depth of brackets after a line that begins at the given depth.
func deeper(depth int, line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '#':
			if i == 0 || line[i-1] == ' ' {
				return depth
			}
		case '"', '\'':
			i += max(0, closingQuote(line[i:]))
		}
	}
	return depth
}
