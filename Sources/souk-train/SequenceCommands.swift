import CommandInterface
import Evaluation
import JSON
import Learning
import NeuralModels
import Torch

/// `souk-train sasrec`: self-attention over people's histories.
enum SASRecCommand: SequenceCommand {
    static let kind = SequenceKind.sasrec
    static let summary = "Self-attention over what a person had, to tell the next item."
}

/// `souk-train esasrec`: the same with gated blocks.
enum ESASRecCommand: SequenceCommand {
    static let kind = SequenceKind.esasrec
    static let summary = "Self-attention with gated blocks over what a person had, to tell the next item."
}

/// `souk-train bert4rec`: attention in both directions.
enum BERT4RecCommand: SequenceCommand {
    static let kind = SequenceKind.bert4rec
    static let summary = "Self-attention in both directions that learns to tell hidden items."
}

/// `souk-train gru4rec`: a recurrent network over people's histories.
enum GRU4RecCommand: SequenceCommand {
    static let kind = SequenceKind.gru4rec
    static let summary = "Gated recurrent units over what a person had, to tell the next item."
}

/// `souk-train two-tower`: a vector of a person and one of an item.
enum TwoTowerCommand: SequenceCommand {
    static let kind = SequenceKind.twoTower
    static let summary = "A tower for people and one for items, whose cosine is a score."
}

/// A command on histories: the kinds of networks share their options.
protocol SequenceCommand: TrainingCommand where Job == SequenceJob {
    static var kind: SequenceKind { get }
}

extension SequenceCommand {
    static var name: String { kind.rawValue }

    static var options: [Option] {
        SequenceOptions.sources + TrainingOptions.common + SettingsSearch.options + SequenceOptions.shared
            + (kind.isCloze ? SequenceOptions.cloze : SequenceOptions.next)
            + SequenceOptions.own(kind)
    }

    static var discussion: String {
        """
        --data is a file of lines `user item item …`, oldest first. The last item of each line is not looked at: it is the
        test of `souk evaluate sequences --model \(name) --weights DIR/1`. The one before it chooses the epoch, then the model
        learns anew from all but the last for as many epochs.
        With --shop histories are what people bought, in the order of time. First baskets of the newest --window days (before
        --before) choose the epoch, then the model learns anew from all purchases before that moment. `souk train --shop` takes
        the newest finished model of var/models/\(name)-SHOP into the shop.
        --batch counts places of items, not people. The last line of standard output is one JSON object. See docs/models.md.
        """
    }

    static var score: (words: String, key: String) { ("NDCG@10", "ndcg@10") }

    static func job(_ arguments: Arguments) throws -> SequenceJob { try SequenceOptions.job(kind, arguments) }

    static func space(of job: SequenceJob) -> [SearchSpace.Parameter] {
        var space: [SearchSpace.Parameter] = [
            .around("rate", job.settings.rate), .within("dropout", 0...0.6, shipped: job.dropout),
            .within("input-dropout", 0...0.7, shipped: job.inputDropout),
            .one("width", of: [32, 64, 96, 128], shipped: job.model.shape.width),
            .one("decay", of: ["0", "0.001", "0.01", "0.1"], shipped: TrainingOptions.text(job.decay)),
        ]
        if job.model.shape.temperature > 0 {
            space.append(.logarithmic("temperature", 0.03...0.3, shipped: job.model.shape.temperature))
        }
        if job.negatives > 0 { space.append(.one("negatives", of: [512, 1024, 2048, 4096], shipped: job.negatives)) }
        if kind.hasAttention { space.append(.within("blocks", 1...3, shipped: job.model.shape.layers)) }
        if kind == .gru4rec { space.append(.within("layers", 1...2, shipped: job.model.shape.layers)) }
        return space
    }

    static func train(_ job: SequenceJob, _ arguments: Arguments, _ console: Console) throws {
        let (line, report) = TrainingOptions.follow(name, console)
        var part: SequenceJob.Part?
        let result = try ProcessOptions.together(arguments) { group in
            try job.run(resume: arguments.has("resume"), group: group) { current, event in
                if current != part { console.note("\(name): \(current)") }
                part = current
                report(event)
            }
        }
        if case .null = result { return }
        let heldOut = job.plan == nil ? "the last item but one" : "first baskets of what is held out"
        line.finish("NDCG@10 \(result["validation_ndcg@10"]?.doubleValue ?? .nan) on \(heldOut)")
        console.print(JSONLine.text(result))
    }
}

/// The options of sequence networks and what they set.
enum SequenceOptions {
    static let sources: [Option] =
        [.value("data", "FILE", "The data set."), .value("shop", "DIR", "In place of --data: the shop's folder.")]
        + shop
    /// Of a shop's log.
    static let shop: [Option] = [
        .value("before", "DATE", "--shop: read no event from this moment on; all are read if left out."),
        .value("window", "DAYS", "--shop: days whose first baskets choose the number of epochs; 28 if left out."),
        .value(
            "windows", "N", "--shop: so many windows, one before the other, 1 to 12; the mean number of epochs counts."),
        .value("days", "N", "--shop: learn from the newest N days before a window alone."),
        .value(
            "repeats", "WHICH",
            "--shop: all purchases of an item, or the first alone, to tell what is new to somebody; all if left out."),
        .value("least", "N", "--shop: items that sold less often have no vector of their own; 5 if left out."),
    ]
    static let shared: [Option] = [
        .value("width", "N", "Length of an item's vector."),
        .value("length", "N", "The longest history; of longer ones only the end is used."),
        .value("temperature", "X", "What a cosine is divided by to be a score; 0 for plain products."),
        .value("input-dropout", "X", "Share of the items' numbers that training drops."),
        .value("dropout", "X", "Share of the other numbers that training drops."),
        .value(
            "loss", "NAME",
            "\(TrainingOptions.names(SequenceJob.Objective.allCases)): the next item among all that is compared, or against each by itself; "
                + "softmax if left out."),
        .value("negatives", "N", "Items drawn for a step to stand out from; 0 for all items."),
        .value(
            "content", "FILE",
            "Safetensors with a vector for each item, by its name; also of items without events. With --shop: text, pictures or "
                + "text,pictures, whose vectors `souk index` wrote."),
        .value("id-dropout", "X", "With --content: how often an item's own vector is left out; 0.2 if left out."),
        .value("crop", "X", "Changes histories: a stretch of this share of the items is left; 0 for never."),
        .value("reorder", "X", "Changes histories: a stretch of this share of the items is shuffled; 0 for never."),
    ]
    static let next: [Option] = [
        .value("mask", "X", "Changes histories: this share of what is read is hidden; 0 for never.")
    ]
    static let cloze: [Option] = [.value("mask", "X", "The share of items that are hidden and asked for.")]
    static let attention: [Option] = [
        .value("blocks", "N", "Blocks of attention and perceptron."),
        .value("heads", "N", "Heads of attention, which share the width evenly."),
        inner,
    ]
    static let recurrent: [Option] = [.value("layers", "N", "Layers of recurrent units.")]
    static let inner = Option.value(
        "inner", "N", "Width of the perceptron inside; four times the width if left out.")

    static func own(_ kind: SequenceKind) -> [Option] {
        switch kind {
        case .sasrec, .esasrec, .bert4rec: attention
        case .gru4rec: recurrent
        case .twoTower: [inner]
        }
    }

    static func shape(_ kind: SequenceKind, _ arguments: Arguments) throws -> SequenceShape {
        var shape = SequenceShape.usual(kind)
        shape.width = try arguments.integer("width", in: 8...4096) ?? shape.width
        shape.length = try arguments.integer("length", in: 1...8192) ?? shape.length
        shape.temperature = try TrainingOptions.number(arguments, "temperature") ?? shape.temperature
        if kind == .gru4rec {
            shape.layers = try arguments.integer("layers", in: 1...16) ?? shape.layers
            return shape
        }
        shape.inner = try arguments.integer("inner", in: 8...16_384) ?? 4 * shape.width
        if kind.hasAttention {
            shape.layers = try arguments.integer("blocks", in: 1...48) ?? shape.layers
            shape.heads = try arguments.integer("heads", in: 1...64) ?? shape.heads
        }
        return shape
    }

    /// The job of a command, with all of its settings.
    static func job(_ kind: SequenceKind, _ arguments: Arguments) throws -> SequenceJob {
        let plan = try plan(arguments)
        guard let data = arguments.value(plan == nil ? "data" : "shop") else {
            throw UsageError("--data FILE or --shop DIR is missing.")
        }
        // A shop's networks lie apart from others, where `souk train` looks for them.
        let name = try plan == nil ? kind.rawValue : SequenceJob.folderName(kind, shop: data)
        var job = SequenceJob(
            SequenceJob.Model(kind, try shape(kind, arguments)), data: data,
            folder: arguments.value("folder") ?? "var/models/\(name)")
        job.plan = plan
        try apply(arguments, to: &job)
        job.report = arguments.value("report") ?? "var/reports/\(name).html"
        return job
    }

    /// What is learned from a shop; `nil` without one.
    private static func plan(_ arguments: Arguments) throws -> ShopPlan? {
        guard arguments.value("shop") != nil else {
            for option in shop where arguments.value(option.name) != nil {
                throw UsageError("--\(option.name) needs --shop DIR.")
            }
            return nil
        }
        guard arguments.value("data") == nil else { throw UsageError("Give --data FILE or --shop DIR, not both.") }
        var plan = ShopPlan()
        plan.before = try arguments.timestamp("before")
        plan.windowDays = try arguments.integer("window", in: 1...365) ?? plan.windowDays
        plan.windowCount = try arguments.integer("windows", in: 1...12) ?? plan.windowCount
        plan.days = try arguments.integer("days", in: 1...36_500)
        plan.least = try arguments.integer("least", in: 1...1_000_000) ?? plan.least
        if let text = arguments.value("repeats") {
            guard let repeats = ShopPlan.Repeats(rawValue: text) else {
                throw UsageError("--repeats takes all or first, not '\(text)'.")
            }
            plan.repeats = repeats
        }
        if let text = arguments.value("content") {
            guard let content = ShopPlan.content(named: text) else {
                throw UsageError("With --shop, --content takes text, pictures or text,pictures, not '\(text)'.")
            }
            plan.content = content
        }
        return plan
    }

    static func apply(_ arguments: Arguments, to job: inout SequenceJob) throws {
        // Steps are many small operations: a second thread waits more than it computes.
        try TrainingOptions.apply(arguments, to: &job.settings, threads: 1)
        job.positions = try arguments.integer("batch", in: 2...1_048_576) ?? job.positions
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.inputDropout = min(0.95, try TrainingOptions.number(arguments, "input-dropout") ?? job.inputDropout)
        job.dropout = min(0.95, try TrainingOptions.number(arguments, "dropout") ?? job.dropout)
        job.negatives = try arguments.integer("negatives", in: 0...1_000_000) ?? job.negatives
        job.loss = try TrainingOptions.choice(arguments, "loss", SequenceJob.Objective.self) ?? job.loss
        job.content = job.plan == nil ? arguments.value("content") : nil
        job.idDropout = min(0.95, try share(arguments, "id-dropout") ?? job.idDropout)
        job.changes.crop = try share(arguments, "crop") ?? job.changes.crop
        job.changes.reorder = try share(arguments, "reorder") ?? job.changes.reorder
        if job.model.kind.isCloze {
            job.hiddenShare = try share(arguments, "mask") ?? job.hiddenShare
        } else {
            job.changes.mask = try share(arguments, "mask") ?? job.changes.mask
        }
        job.device = Device(arguments.value("device") ?? "cpu")
    }

    private static func share(_ arguments: Arguments, _ name: String) throws -> Double? {
        guard let value = try TrainingOptions.number(arguments, name) else { return nil }
        guard value <= 1 else { throw UsageError("--\(name) takes a share from 0 to 1, not '\(value)'.") }
        return value
    }
}
