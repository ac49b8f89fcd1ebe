internal import Encoders
internal import Foundation
internal import Numerics
internal import Torch
internal import VectorIndex

/// Training of a cross-encoder to tell a question's answer from near texts that are none, or to space texts as a sentence encoder's
/// cosines do.
///
/// Answers: −log softmax of one answer among a list with negatives near by the untuned encoder (Nogueira and Cho, 2019; localised
/// contrastive estimation: Gao et al., ECIR 2021). Distillation: the mean of ((s₊ − s₋) − (t₊ − t₋)/temperature)², t being cosines and
/// + the list's nearest text (margin-MSE: Hofstätter et al., 2020, eq. 8).
final class CrossTask: TrainingTask {
    struct Plan: Sendable, Hashable {
        /// Questions a step, all of one lesson; lessons take turns.
        var batch = 8
        /// Questions an epoch.
        var questions = 640
        /// Texts of a question's list, the answer included.
        var list = 8
        /// What a cosine is divided by to be a score.
        var temperature = 0.05
        /// Of the texts beside the first so many come from anywhere: from near ones alone little is learned at the beginning.
        var easy: Int { list / 2 }
        /// Which of the nearest negatives are drawn from: the very nearest often mean the same.
        var near = 10..<50
        /// The nearest texts by the untuned encoder, which held-out questions put in order.
        var depth = 30
    }

    /// What a step is about: questions of a part, by its place.
    enum Lesson: Hashable, Sendable {
        case answers(Int)
        case distillation(Int)

        var part: Int {
            switch self {
            case .answers(let part), .distillation(let part): part
            }
        }
    }

    /// What held-out questions of a part came to.
    struct Measured {
        /// In the encoder's order and in the cross-encoder's.
        let before: RetrievalScores
        let after: RetrievalScores
        /// The mean of −log of the share that answers have of the softmax over the texts in question, where one is among them.
        let loss: Double
        /// The share of pairs of texts that stand as by the encoder's cosines.
        let agreement: Double
    }

    let network: CrossEncoderNetwork
    let rule: any UpdateRule
    let fingerprint: String
    /// Of a batch's questions those that are computed.
    var shard = Shard.whole
    let lessons: [Lesson]
    let data: TextPairs
    private let tokenizer: WordPieceTokenizer
    private let teacher: CosineTeacher
    private let plan: Plan
    private let seed: UInt64
    private var orders: [[Int]] = []
    private var views: [[Int: CosineTeacher.View]]
    private var random: SeededGenerator

    /// - Throws: `badData` without lessons, or where a question's answers leave no text that is none.
    init(
        _ network: CrossEncoderNetwork, on data: TextPairs, lessons: [Lesson], tokenizer: WordPieceTokenizer,
        teacher: CosineTeacher, plan: Plan, rule: any UpdateRule, base: String, seed: UInt64
    ) throws {
        guard !lessons.isEmpty else {
            throw NeuralError(
                .badData,
                "Nothing to learn from: no kind of pairs has some to train on and some to measure on. Wait for more events."
            )
        }
        let most = data.parts.flatMap { $0.training.map { $0.answers.count + ($0.own == nil ? 0 : 1) } }.max() ?? 0
        guard most < data.texts.count else {
            throw NeuralError(
                .badData, "A question is answered by all of the shop's texts: there is nothing to tell apart.")
        }
        (self.network, self.data, self.lessons, self.tokenizer) = (network, data, lessons, tokenizer)
        (self.teacher, self.plan, self.rule, self.seed) = (teacher, plan, rule, seed)
        views = data.parts.map { _ in [:] }
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: 0))
        let taught = lessons.map { lesson in
            switch lesson {
            case .answers(let part): data.parts[part].kind.rawValue
            case .distillation(let part): "distillation on \(data.parts[part].kind.rawValue)"
            }
        }
        fingerprint =
            "cross-encoder \(base), \(network.shape.layers) layers, \(network.parameters.count) numbers learned, on "
            + "\(taught.joined(separator: ", ")) (\(data.checksum.text)), \(plan.batch) of \(plan.questions) questions a step, "
            + "lists of \(plan.list), temperature \(plan.temperature), \(rule)"
    }

    var parameters: Parameters { network.parameters }
    var batchCount: Int { max(lessons.count, plan.questions / plan.batch) }

    func begin(epoch: Int) throws {
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        orders = lessons.map { data.parts[$0.part].training.indices.shuffled(using: &random) }
    }

    /// What is taught in a batch, and the questions that it asks.
    private func questions(ofBatch number: Int) -> (Lesson, [Int]) {
        let (place, turn) = (number % lessons.count, number / lessons.count)
        let order = orders[place]
        let count = min(plan.batch, order.count)
        return (lessons[place], (0..<count).map { order[(turn * plan.batch + $0) % order.count] })
    }

    func loss(ofBatch number: Int) throws -> Tensor {
        let (lesson, questions) = questions(ofBatch: number)
        // Drawn for the whole batch, whatever the shard.
        let lists = questions.map { list(of: $0, in: lesson) }
        let share = shard.share(ofBatch: questions.count)
        let pairs = share.places.flatMap { place in
            lists[place].map { pair(data.parts[lesson.part].training[questions[place]], $0) }
        }
        let scores = try network.scores(of: pairs, isTraining: true).reshaped([share.places.count, plan.list])
        let first = try scores.slice(axis: 1, 0..<1)
        switch lesson {
        case .answers:
            let chosen = try first.reshaped([share.places.count])
            return try share.part(ofMean: try (try scores.logSumExp() - chosen).mean())
        case .distillation:
            let margins = share.places.flatMap { place in
                let cosines = teacher.cosines(view(of: questions[place], in: lesson.part), at: lists[place])
                return cosines.dropFirst().map { (cosines[0] - $0) / Float(plan.temperature) }
            }
            let shape = [share.places.count, plan.list - 1]
            let own = try first - (try scores.slice(axis: 1, 1..<plan.list))
            return try share.part(
                ofMean: try Loss.meanSquaredError(own, try Tensor(margins, shape: shape, device: parameters.device)))
        }
    }

    func layerNotFinite(inBatch number: Int) throws -> String? {
        let (lesson, questions) = questions(ofBatch: number)
        let training = data.parts[lesson.part].training
        return try network.firstNotFinite(
            questions.flatMap { question in list(of: question, in: lesson).map { pair(training[question], $0) } })
    }

    func validate() throws -> Validation? {
        let measured = try measure()
        let count = Double(measured.count)
        let isTaughtAnswers = lessons.contains { if case .answers = $0 { true } else { false } }
        return Validation(
            loss: measured.reduce(0) { $0 + $1.loss } / count,
            score: measured.reduce(0) { $0 + (isTaughtAnswers ? $1.after.meanReciprocalRank : $1.agreement) } / count)
    }

    /// Puts the texts nearest to held-out questions in order, by part.
    func measure() throws -> [Measured] {
        try Runtime.withoutGradients { try data.parts.map(measure) }
    }

    private func measure(_ part: TextPairs.Part) throws -> Measured {
        var (before, after): ([[Int]], [[Int]]) = ([], [])
        var (losses, agreements): ([Double], [Double]) = ([], [])
        for question in part.heldOut {
            let places = teacher.view(question.query, count: plan.depth + 1).nearest.map(\.place)
                .filter { $0 != question.own }.prefix(plan.depth)
            let scores = try network.scores(of: places.map { pair(question, $0) }, isTraining: false).floats()
            let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
            before.append(Array(places))
            after.append(order.map { places[$0] })
            agreements.append(Self.agreement(scores))
            let highest = scores.max() ?? 0
            let chances = scores.map { exp(Double($0 - highest)) }
            let answered = zip(places, chances).filter { question.answers.contains($0.0) }.reduce(0) { $0 + $1.1 }
            if answered > 0 { losses.append(log(chances.reduce(0, +)) - log(answered)) }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        return Measured(
            before: RetrievalScores(part.kind, part.heldOut, ranked: before),
            after: RetrievalScores(part.kind, part.heldOut, ranked: after), loss: mean(losses),
            agreement: mean(agreements))
    }

    /// The share of pairs of scores that fall from left to right; a tie counts half.
    static func agreement(_ scores: [Float]) -> Double {
        guard scores.count > 1 else { return 1 }
        var falling = 0.0
        for (place, score) in scores.enumerated() {
            for later in scores[(place + 1)...] { falling += score > later ? 1 : score == later ? 0.5 : 0 }
        }
        return falling / Double(scores.count * (scores.count - 1) / 2)
    }

    private func pair(_ question: TextPairs.Question, _ text: Int) -> TokenPair {
        tokenizer.crossPair(question.query, data.texts[text], network.shape)
    }

    private func view(of question: Int, in part: Int) -> CosineTeacher.View {
        if let view = views[part][question] { return view }
        let view = teacher.view(data.parts[part].training[question].query, count: plan.near.upperBound)
        views[part][question] = view
        return view
    }

    /// The texts of a question's list: an answer, or the nearest, first.
    private func list(of number: Int, in lesson: Lesson) -> [Int] {
        let question = data.parts[lesson.part].training[number]
        let view = view(of: number, in: lesson.part)
        switch lesson {
        case .answers:
            let answer = question.answers.randomElement(using: &random) ?? 0
            let behind = min(plan.near.lowerBound, view.nearest.count / 2)
            func isNone(_ place: Int) -> Bool { place != question.own && !question.answers.contains(place) }
            var others = view.nearest.dropFirst(behind).map(\.place).filter(isNone).shuffled(using: &random)
            others.removeLast(max(0, others.count - (plan.list - 1 - plan.easy)))
            while others.count < plan.list - 1 {
                let place = Int.random(in: data.texts.indices, using: &random)
                if isNone(place) { others.append(place) }
            }
            return [answer] + others
        case .distillation:
            var places = Array(view.nearest.map(\.place).shuffled(using: &random).prefix(plan.list - plan.easy))
            while places.count < plan.list { places.append(Int.random(in: data.texts.indices, using: &random)) }
            let cosines = Dictionary(zip(places, teacher.cosines(view, at: places))) { first, _ in first }
            return places.sorted { (cosines[$1] ?? 0, $0) < (cosines[$0] ?? 0, $1) }
        }
    }
}
