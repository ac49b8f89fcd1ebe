import CommandInterface
import Evaluation
import JSON
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
protocol SequenceCommand: Command {
    static var kind: SequenceKind { get }
}

extension SequenceCommand {
    static var name: String { kind.rawValue }

    static var options: [Option] {
        TrainingOptions.all + SequenceOptions.shared
            + (kind.isCloze ? SequenceOptions.cloze : SequenceOptions.next)
            + SequenceOptions.own(kind)
    }

    static var discussion: String {
        """
        --data is a file of lines `user item item …`, oldest first. The last item of each line is not looked at: it is the
        test of `souk evaluate sequences --model \(name) --weights DIR/1`. The one before it chooses the epoch, then the model
        learns anew from all but the last for as many epochs. --batch counts places of items, not people.
        The last line of standard output is one JSON object. See docs/models.md.
        """
    }

    static func run(_ arguments: Arguments, console: Console) throws {
        var job = SequenceJob(
            SequenceJob.Model(kind, try SequenceOptions.shape(kind, arguments)), data: try arguments.required("data"),
            folder: arguments.value("folder") ?? "var/models/\(name)")
        try SequenceOptions.apply(arguments, to: &job)
        job.report = arguments.value("report") ?? "var/reports/\(name).html"
        let (line, report) = TrainingOptions.follow(name, console)
        var part: SequenceJob.Part?
        let result = try ProcessOptions.together(arguments) { group in
            try job.run(resume: arguments.has("resume"), group: group) { current, event in
                if current != part { console.note("\(name): \(current.rawValue)") }
                part = current
                report(event)
            }
        }
        if case .null = result { return }
        line.finish("NDCG@10 \(result["validation_ndcg@10"]?.doubleValue ?? .nan) on the last item but one")
        console.print(JSONLine.text(result))
    }
}

/// The options of sequence networks and what they set.
enum SequenceOptions {
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
            "content", "FILE", "Safetensors with a vector for each item, by its name; also of items without events."),
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

    static func apply(_ arguments: Arguments, to job: inout SequenceJob) throws {
        try TrainingOptions.apply(arguments, to: &job.settings)
        job.positions = try arguments.integer("batch", in: 2...1_048_576) ?? job.positions
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.inputDropout = min(0.95, try TrainingOptions.number(arguments, "input-dropout") ?? job.inputDropout)
        job.dropout = min(0.95, try TrainingOptions.number(arguments, "dropout") ?? job.dropout)
        job.negatives = try arguments.integer("negatives", in: 0...1_000_000) ?? job.negatives
        job.loss = try TrainingOptions.choice(arguments, "loss", SequenceJob.Objective.self) ?? job.loss
        job.content = arguments.value("content")
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
