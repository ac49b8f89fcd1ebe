import CommandInterface
import Evaluation
import JSON
import Learning
import NeuralModels
import Recommenders
import Torch

/// `souk-train purchase`: who buys what within some days, from a shop's own log.
enum PurchaseCommand: TrainingCommand {
    static let name = PurchaseJob.kind
    static let summary = "A network on a shop's log, to tell who buys what within some days."
    static let options =
        [Option.shop] + TrainingOptions.common + SettingsSearch.options + [
            .value(
                "network", "NAME",
                "perceptron on numbers alone; over fields with vectors as well: deepfm, dcn, din (attention over the person's history) or "
                    + "mmoe (also tells purchases of the item's type, and clicks); perceptron if left out."),
            .flag(
                "synthetic",
                "mmoe: count the lists and clicks that `souk simulate` made, too; what they give is named synthetic."),
            .value("before", "DATE", "Learn from events before it alone; all if left out."),
            .value("days", "N", "How many days a purchase may take; 14 if left out."),
            .value(
                "negatives", "SOURCE",
                "Where items that were not bought come from: popular (as they sell), catalogue (evenly) or candidates (what the shop "
                    + "would recommend); popular if left out."),
            .value("training", "N", "Training examples, half of them bought; 60000 if left out."),
            .value("test", "N", "Test examples; 10000 if left out."),
            .value("hidden", "N,N…", "Units of the hidden layers; 64,64 if left out."),
            .value("width", "N", "Numbers of a value's vector; 4 if left out."),
            .value("dropout", "X", "Share of vectors' numbers and hidden units that training drops."),
            .value("least", "N", "Values that training saw fewer times share a vector."),
            .value("crosses", "N", "dcn: cross layers; 2 if left out."),
            .value("cross-rank", "N", "dcn: rank of the cross layers; 0 for full rank, which is the default."),
            .value("length", "N", "din: the longest history; 30 if left out."),
            .value("experts", "N", "mmoe: experts; 4 if left out."),
        ]
    static let discussion = """
        Features are those of the shop's ranker, from events before a moment; the label is what came from there on. Earlier windows
        choose the number of epochs, the last one is looked at once. Beside the network stand a logistic regression and boosted trees
        on the same features, and whether the person bought the item before; beside networks over fields the perceptron too. The shop
        is only read: the next `souk train` takes a perceptron of it into the shop, where it weighs nothing unless the shop says so.
        mmoe also learns which items of a list are clicked, from the log's lists and clicks; without any it has two questions.
        The last line of standard output is one JSON object. See docs/models.md.
        """

    static let score = (words: "log likelihood", key: "log_likelihood")
    /// That of a coin.
    static var worstScore: Double { -0.693_147 }

    static func space(of job: PurchaseJob) -> [SearchSpace.Parameter] {
        var space: [SearchSpace.Parameter] = [
            .around("rate", job.settings.rate), .logarithmic("decay", 0.001...3, shipped: job.decay),
        ]
        if job.network != .mmoe {
            space.append(
                .one(
                    "hidden", of: ["32", "64,64", "128,64"],
                    shipped: job.shape.hidden.map(String.init).joined(separator: ",")))
        }
        if job.network != .perceptron {
            space += [
                .within("dropout", 0...0.5, shipped: job.shape.dropout),
                .one("width", of: [2, 4, 8], shipped: job.shape.width),
                .one("least", of: [1, 5, 20], shipped: job.shape.least),
            ]
        }
        return space
    }

    static func job(_ arguments: Arguments) throws -> PurchaseJob {
        var job = PurchaseJob(
            try network(arguments), shop: try arguments.required("shop"),
            folder: arguments.value("folder") ?? "var/models/\(name)")
        try TrainingOptions.apply(arguments, to: &job.settings)
        job.batch = try arguments.integer("batch", in: 2...65_536) ?? job.batch
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.before = try arguments.timestamp("before")
        job.plan.days = try arguments.integer("days", in: 1...365) ?? job.plan.days
        job.trainingCount = try arguments.integer("training", in: 100...10_000_000) ?? job.trainingCount
        job.testCount = try arguments.integer("test", in: 20...1_000_000) ?? job.testCount
        job.plan.negatives =
            try TrainingOptions.choice(arguments, "negatives", PurchaseExamples.Negatives.self) ?? job.plan.negatives
        job.countsSynthetic = arguments.has("synthetic")
        guard !job.countsSynthetic || job.network.hasQuestions else {
            throw UsageError("--synthetic is no option of --network \(job.network.rawValue).")
        }
        job.shape = try shape(arguments, job.network)
        job.device = Device(arguments.value("device") ?? "cpu")
        job.report = arguments.value("report") ?? "var/reports/\(name).html"
        return job
    }

    static func train(_ job: PurchaseJob, _ arguments: Arguments, _ console: Console) throws {
        let (line, report) = TrainingOptions.follow(name, console)
        var part: PurchaseJob.Part?
        let result = try ProcessOptions.together(arguments) { group in
            try job.run(resume: arguments.has("resume"), group: group) { current, event in
                if current != part { console.note("\(name): \(current)") }
                part = current
                if let event { report(event) }
            }
        }
        if case .null = result { return }
        line.finish("accuracy \(result["accuracy"]?.doubleValue ?? .nan) on the last window")
        console.print(JSONLine.text(result))
    }

    private static func network(_ arguments: Arguments) throws -> PurchaseNetworkKind {
        try TrainingOptions.choice(arguments, "network", PurchaseNetworkKind.self) ?? .perceptron
    }

    /// Sizes of the network; an option of another network is refused.
    private static func shape(_ arguments: Arguments, _ network: PurchaseNetworkKind) throws -> NetworkShape {
        let options: [(name: String, networks: Set<PurchaseNetworkKind>)] = [
            ("hidden", [.perceptron, .deepfm, .dcn, .din]), ("width", [.deepfm, .dcn, .din, .mmoe]),
            ("dropout", [.deepfm, .dcn, .din, .mmoe]), ("least", [.deepfm, .dcn, .din, .mmoe]), ("crosses", [.dcn]),
            ("cross-rank", [.dcn]), ("length", [.din]), ("experts", [.mmoe]),
        ]
        for (name, networks) in options where arguments.value(name) != nil && !networks.contains(network) {
            throw UsageError("--\(name) is no option of --network \(network.rawValue).")
        }
        var shape = NetworkShape()
        if let text = arguments.value("hidden") {
            let units = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard (1...8).contains(units.count), units.allSatisfy({ (1...4096).contains($0) }) else {
                throw UsageError("--hidden takes one to eight numbers from 1 to 4096 with commas, not '\(text)'.")
            }
            shape.hidden = units
        }
        shape.width = try arguments.integer("width", in: 1...256) ?? shape.width
        shape.dropout = min(0.95, try TrainingOptions.number(arguments, "dropout") ?? shape.dropout)
        shape.least = try arguments.integer("least", in: 1...1_000_000) ?? shape.least
        shape.crosses = try arguments.integer("crosses", in: 1...16) ?? shape.crosses
        shape.rank = try arguments.integer("cross-rank", in: 0...4096) ?? shape.rank
        shape.length = try arguments.integer("length", in: 1...1000) ?? shape.length
        shape.experts = try arguments.integer("experts", in: 1...64) ?? shape.experts
        return shape
    }
}
