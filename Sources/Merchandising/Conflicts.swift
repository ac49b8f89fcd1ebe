public import Domain

extension RuleMatcher {
    /// What is wrong with the book, or doubtful: errors first; at most `limit`.
    ///
    /// Two rules are compared where the query of one meets the condition of the other.
    /// - Parameter now: Rules that ended before it are named.
    public func conflicts(now: Timestamp, limit: Int = 200) -> [Conflict] {
        var cycles: [Conflict] = []
        var doubts: [Conflict] = []
        for (place, rule) in book.rules.enumerated() where rule.isEnabled {
            guard doubts.count < limit else { break }
            if let end = rule.conditions.end, end <= now {
                doubts.append(Conflict(severity: .warning, rules: [rule.id], reason: "It ended on \(end)."))
                continue
            }
            if let cycle = cycle(from: place) { cycles.append(cycle) }
            guard let text = sample(rule.conditions.query) else { continue }
            for other in candidates(text) where other != place {
                let isSame = sample(book.rules[other].conditions.query) == text
                // A pair that meets from both sides is told once.
                guard !isSame || other > place, meet(rule.conditions, book.rules[other].conditions) else { continue }
                let (strong, weak) = isStronger(place, than: other) ? (place, other) : (other, place)
                doubts += disagreements(book.rules[strong], book.rules[weak])
            }
        }
        return Array((cycles + doubts).prefix(limit))
    }

    private func isStronger(_ left: Int, than right: Int) -> Bool {
        (-book.rules[left].priority, left) < (-book.rules[right].priority, right)
    }

    /// A query that meets the condition: the text itself, or a pattern with its stars left out.
    private func sample(_ query: Conditions.QueryMatch?) -> String? {
        switch query {
        case .exact(let text)?, .contains(let text)?: text
        case .pattern(let pattern)?:
            QueryText.fold(String(pattern.description.filter { $0 != "*" }).replacing("?", with: "a"))
        case nil: ""
        }
    }

    /// Follows replacements from the rule's own query; a query that comes again is a cycle.
    private func cycle(from place: Int) -> Conflict? {
        let rule = book.rules[place]
        guard rule.conditions.query != nil, let start = sample(rule.conditions.query),
            let first = firstReplacement([place], start)
        else { return nil }
        var visited = [start]
        var path = [rule.id]
        var text = QueryText.fold(first.text)
        while path.count <= RuleMatcher.maximumReplacements {
            if visited.contains(text) {
                // A rule that only repeats itself, such as “tv” to “tv”, is one as well.
                let chain = path.joined(separator: " → ")
                return Conflict(
                    severity: .error, rules: path,
                    reason: "The replacements lead back to “\(text)”: \(chain). Take one of them out.")
            }
            visited.append(text)
            let next = candidates(text).filter { !path.contains(book.rules[$0].id) || $0 == place }
                .sorted { isStronger($0, than: $1) }
            guard let step = firstReplacement(next, text) else { return nil }
            path.append(book.rules[step.place].id)
            text = QueryText.fold(step.text)
        }
        return Conflict(
            severity: .error, rules: path,
            reason: "More than \(RuleMatcher.maximumReplacements) replacements follow each other. Replace at once.")
    }

    private func meet(_ left: Conditions, _ right: Conditions) -> Bool {
        func share(_ a: Set<String>, _ b: Set<String>) -> Bool { a.isEmpty || b.isEmpty || !a.isDisjoint(with: b) }
        guard share(left.markets, right.markets), share(left.segments, right.segments) else { return false }
        if let a = left.category, let b = right.category, a != b, !a.hasPrefix(b + " > "), !b.hasPrefix(a + " > ") {
            return false
        }
        if let end = left.end, let start = right.start, end <= start { return false }
        if let end = right.end, let start = left.start, end <= start { return false }
        return true
    }

    private func disagreements(_ strong: Rule, _ weak: Rule) -> [Conflict] {
        var found: [Conflict] = []
        func note(_ reason: String) {
            found.append(Conflict(severity: .warning, rules: [strong.id, weak.id], reason: reason))
        }
        for first in strong.actions {
            for second in weak.actions {
                switch (first, second) {
                case (.pin(let a, let at), .pin(let b, let other)) where at == other && a != b:
                    note("Both pin to place \(at): \(strong.id) has it, \(weak.id) takes the next free one.")
                case (.pin(let a, let at), .pin(let b, let other)) where at != other && a == b:
                    note("Both pin item \(a): place \(at) of \(strong.id) holds.")
                case (.pin(let item, _), .hide(.items(let ids))) where ids.contains(item):
                    note("\(strong.id) pins item \(item), which \(weak.id) hides: the pin holds.")
                case (.hide(.items(let ids)), .pin(let item, _)) where ids.contains(item):
                    note("\(strong.id) hides item \(item), which \(weak.id) pins: it stays hidden.")
                case (.weigh(let a, let up), .weigh(let b, let down)) where a == b && (up > 1) != (down > 1):
                    note("One boosts and one buries the same: together the factor is \(up * down).")
                case (.redirect(let a), .redirect(let b)) where a != b:
                    note("Both redirect: \(strong.id) does it.")
                case (.replace(nil, let a), .replace(nil, let b)) where a != b:
                    note("Both replace the query: \(strong.id) does it first.")
                case (.filter(let a, let values), .filter(let b, let others)) where a == b && values != others:
                    note("Both filter by \(a): the values of \(strong.id) hold.")
                default: break
                }
            }
        }
        return found
    }
}
