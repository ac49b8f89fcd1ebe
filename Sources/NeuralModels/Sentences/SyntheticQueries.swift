internal import Meaning
internal import Numerics

/// Questions made up from texts of items: a few of their words in their order, some with a slip of typing. Nobody asked them.
enum SyntheticQueries {
    /// One text of so many is asked about in measuring alone.
    static let heldOutShare = 5
    static let mostWords = 3
    static let shortestWord = 3
    /// A question with more answers says too little.
    static let mostAnswers = 50
    /// The share of questions with a slip, in a word of at least so many letters.
    static let slips = 0.4
    static let shortestWithSlip = 5

    /// - Returns: Questions about some texts to learn from, and about others to measure on; the answers are all texts with the words.
    static func make(
        _ texts: [String], plan: TextPairs.Plan
    ) -> (training: [TextPairs.Question], heldOut: [TextPairs.Question]) {
        let words = texts.map(words)
        var holders: [String: [Int]] = [:]
        for (place, list) in words.enumerated() { for word in Set(list) { holders[word, default: []].append(place) } }
        var random = SeededGenerator(seed: plan.seed ^ 0x51_7E57)
        let isHeldOut = texts.map { _ in Int.random(in: 0..<heldOutShare, using: &random) == 0 }
        var (training, heldOut): ([TextPairs.Question], [TextPairs.Question]) = ([], [])
        for place in texts.indices {
            for _ in 0..<plan.syntheticEach {
                guard let question = question(words[place], holders, using: &random) else { continue }
                if isHeldOut[place] {
                    heldOut.append(question)
                } else {
                    var question = question
                    question.answers.removeAll { isHeldOut[$0] }
                    if !question.answers.isEmpty { training.append(question) }
                }
            }
        }
        return (training, heldOut)
    }

    /// A text's words, each once, without those that say little by their shortness.
    static func words(_ text: String) -> [String] {
        var seen: Set<String> = []
        return text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            .filter { $0.count >= shortestWord && seen.insert($0).inserted }
    }

    private static func question(
        _ words: [String], _ holders: [String: [Int]], using random: inout SeededGenerator
    ) -> TextPairs.Question? {
        guard !words.isEmpty else { return nil }
        let count = Int.random(in: 1...min(mostWords, words.count), using: &random)
        let chosen = words.indices.shuffled(using: &random).prefix(count).sorted().map { words[$0] }
        var answers = Set(holders[chosen[0]] ?? [])
        for word in chosen.dropFirst() { answers.formIntersection(holders[word] ?? []) }
        guard (1...mostAnswers).contains(answers.count) else { return nil }
        var typed = chosen
        if random.unit() < slips,
            let place = typed.indices.filter({ typed[$0].count >= shortestWithSlip })
                .randomElement(using: &random)
        {
            typed[place] = PhraseDamage.slip(typed[place], using: &random)
        }
        return TextPairs.Question(query: typed.joined(separator: " "), answers: answers.sorted())
    }
}
