internal import Pictures
internal import Storage

/// A job whose settings can be compared by its held-out data alone, without a look at a test.
public protocol TunableJob: Sendable {
    var settings: TrainingSettings { get }
    /// Holds checkpoint and log.
    var folder: String { get set }

    /// Trains until the job would choose its epoch, and leaves checkpoint and log, but no model.
    ///
    /// - Returns: The held-out score of that epoch; higher is better.
    /// - Throws: As the job's run does; `diverged` for settings under which it does not learn.
    func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double
}

extension Trainer.Outcome {
    /// The held-out score of the epoch that was kept.
    ///
    /// - Throws: `badData` where nothing was held out.
    var heldOutScore: Double {
        get throws {
            guard bestEpoch > 0, let score = history[bestEpoch - 1].validation?.score else {
                throw NeuralError(.badData, "Nothing was held out: there is no figure to compare settings by.")
            }
            return score
        }
    }
}

extension PictureJob: TunableJob {
    public func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double {
        try train(on: try FashionMNIST(named: data).training, resume: resume, group: nil, report: report).outcome
            .heldOutScore
    }
}

extension SequenceJob: TunableJob {
    /// On the last item but one, or on first baskets, the mean over the windows.
    public func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double {
        try check()
        let run = Run(resume: resume, group: nil)
        guard let plan else { return try choose(try File(self), run, report: report).outcome.heldOutScore }
        let shop = ShopFolder(path: data)
        _ = try shop.config()
        let histories = try ShopHistories(reading: shop, try shop.openStore(.readOnly), plan, seed: settings.seed)
        let scores = try choose(histories, run) { report($1) }.outcomes.map { try $0.heldOutScore }
        return scores.reduce(0, +) / Double(scores.count)
    }
}

extension PhraseJob: TunableJob {
    public func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double {
        let task = try task(on: try phrases()).task
        return try Trainer(task, settings, folder: folder).run(resume: resume, report: report).heldOutScore
    }
}

extension EncoderJob: TunableJob {
    public func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double {
        var data = try textPairs()
        data.limitHeldOut(to: heldOut, seed: settings.seed)
        let task = try task(on: data)
        return try Trainer(task, settings, folder: folder).run(resume: resume, report: report).heldOutScore
    }
}

extension CrossEncoderJob: TunableJob {
    public func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double {
        let task = try task(on: try textPairs())
        return try Trainer(task, settings, folder: folder).run(resume: resume, report: report).heldOutScore
    }
}

extension PurchaseJob: TunableJob {
    public func heldOutScore(resume: Bool, report: (Trainer.Event) -> Void) throws -> Double {
        let read = try read()
        return try heldOutScore(
            on: read.set, branches: read.branches, clicks: read.clicks, resume: resume, report: report)
    }
}
