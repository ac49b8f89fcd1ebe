internal import Foundation

extension PhraseModel {
    /// A phrase that is being written.
    private struct Branch {
        /// Of the phrase, with the start.
        var letters: [Int]
        var score: Float
        var cache: Cache
    }

    /// The likeliest phrases for a typed one, of a rewriter, or that begin with it, of a suggester; likeliest first.
    ///
    /// A beam search: of all phrases that are one letter longer the `beam` likeliest are kept; with a beam of 1 the likeliest letter is taken
    /// each time.
    /// - Parameter typed: Folded as the phrases that the model learned from; empty or longer than the model reads gives nothing.
    /// - Complexity: O(letters × beam × (16 width² a block + alphabet × width)).
    public func candidates(for typed: String, limit: Int, beam: Int = 12) -> [Candidate] {
        let source = letters.numbers(of: typed)
        guard limit > 0, beam > 0, !source.isEmpty, source.count < shape.length else { return [] }
        let memory = kind == .rewriter ? memory(of: source) : nil
        var branch = Branch(letters: [LetterTable.start], score: 0, cache: Cache(blocks: blocks.count))
        if kind == .suggester {
            // The last letter is read by the first step of the search.
            for letter in source {
                var caches = [branch.cache]
                _ = scores(after: [branch.letters.last ?? 0], at: branch.letters.count - 1, &caches, memory: nil)
                branch.cache = caches[0]
                branch.letters.append(letter)
            }
        }
        return search(from: branch, memory, limit: limit, beam: max(beam, limit))
    }

    private func search(from branch: Branch, _ memory: Memory?, limit: Int, beam: Int) -> [Candidate] {
        var live = [branch]
        var ended: [Candidate] = []
        while let place = live.first.map({ $0.letters.count - 1 }), place < shape.length {
            var caches = live.map(\.cache)
            for index in live.indices { live[index].cache = Cache(blocks: 0) }
            let rows = scores(after: live.map { $0.letters.last ?? 0 }, at: place, &caches, memory: memory)
            var next: [(branch: Int, letter: Int, score: Float)] = []
            for (index, branch) in live.enumerated() {
                let row = Self.logSoftmax(rows[index * letters.count..<(index + 1) * letters.count])
                // A phrase has at least one letter.
                if place > 0 { next.append((index, LetterTable.end, branch.score + row[LetterTable.end])) }
                for letter in LetterTable.first..<letters.count {
                    next.append((index, letter, branch.score + row[letter]))
                }
            }
            // Ties go to the branch and the letter that come first.
            next.sort { ($0.score, $1.branch, $1.letter) > ($1.score, $0.branch, $0.letter) }
            var following: [Branch] = []
            for choice in next.prefix(beam) {
                if choice.letter == LetterTable.end {
                    let text = letters.text(of: live[choice.branch].letters)
                    ended.append(Candidate(text: text, logProbability: choice.score))
                } else {
                    following.append(
                        Branch(
                            letters: live[choice.branch].letters + [choice.letter], score: choice.score,
                            cache: caches[choice.branch]))
                }
            }
            live = following
            ended.sort { ($0.logProbability, $1.text) > ($1.logProbability, $0.text) }
            // A phrase only becomes less likely as it grows.
            if ended.count >= limit, let best = live.first, best.score <= ended[limit - 1].logProbability { break }
        }
        return Array(ended.prefix(limit))
    }

    private static func logSoftmax(_ row: ArraySlice<Float>) -> [Float] {
        let most = row.max() ?? 0
        let total = log(row.reduce(Float(0)) { $0 + exp($1 - most) }) + most
        return row.map { $0 - total }
    }
}
