import CommandInterface
import Domain
import Foundation
import Learning
import SearchIndex

/// `souk evaluate`: measures search, sequences and baskets with the protocols of the documentation.
enum EvaluateCommand: Command {
    static let name = "evaluate"
    static let summary =
        "Measure search and recommendation: search, fusion, sequences, baskets, sessions, newcomers, newitems, reranking, ratings, offpolicy, voice, rewriting or suggestions."
    static let positional = ["TASK"]
    static let options: [Option] = [
        .value("shop", "DIR", "The shop's folder (search, baskets, voice, rewriting, suggestions)."),
        .value("queries", "FILE", "search, fusion: lines of id, group, language, query."),
        .value("qrels", "FILE", "search, fusion: TREC judgements."),
        .value("compare", "RUN", "search: another run of the same queries; the difference is tested."),
        .value(
            "data", "FILE",
            "sequences: lines of `user item item …`, oldest first; sessions: `session item item …`, oldest session first; ratings: lines of `user item rating [time]`."
        ),
        .value("event", "NAME", "sessions: the event whose items make a shop's sessions; purchase if left out."),
        .value("scale", "LOW,HIGH", "ratings: the lowest and the highest rating there may be; 1,5 if left out."),
        .value("split", "SEED|time", "ratings: keep a fifth back by chance, or the newest; 1 if left out."),
        .value("shuffle-neighbours", "SEED", "sequences: exchange neighbouring items of each history first."),
        .value(
            "weights", "DIR",
            "sequences: a network that `souk-train NAME` wrote, for `--model NAME` or `NAME_hybrid`; baskets, newitems: the same of the shop, for `--model sequence`, the newest if left out; rewriting, suggestions: what `souk-train rewriter` or `suggester` wrote."
        ),
        .value("network-weight", "X", "sequences, baskets: what the network weighs in `NAME_hybrid`."),
        .flag("known", "rewriting, suggestions: ask for phrases that the network learned from."),
        .flag("validation", "sequences: ask for the last item but one, and leave the last unseen."),
        .value("model", "NAME", "The model to measure; the shipped default if left out."),
        .value(
            "parameters", "FILE", "baskets: the model's parameters, as `souk tune --shop DIR --best FILE` writes them."),
        .value(
            "events", "N,N,…",
            "newcomers: how many things that each household bought are known, in place of its favourites."),
        .value(
            "parts", "N", "newcomers with --events: ask so many of the five parts of the households; 5 if left out."),
        .value("trials", "FILE", "sequences: the model and parameters of the best trial that `souk tune` wrote there."),
        .value("impressions", "FILE", "offpolicy: the log of the policy that chose, with its propensities."),
        .value("policy", "FILE", "offpolicy: the log of the policy whose value is estimated."),
        .value(
            "cut", "DATE",
            "baskets, sessions, newcomers, newitems, reranking: what lies before it is known, what comes from it on is to be predicted."
        ),
        .value(
            "users", "FILE", "baskets: the caller's identifiers, the first word of each line; else all, by pseudonym."),
        .value("recordings", "FILE", "voice: lines of WAV file, query and group, with tabs between."),
        .value("run", "FILE", "Where the run is written."),
        .value("run-new", "FILE", "baskets: where the run of products new to the household is written."),
        .flag("no-lists", "search: without stop words and phrases written by hand; see `souk index --no-lists`."),
        .flag("no-meaning", "search: by words alone, without the sentence encoder's vectors."),
        .value(
            "fusion", "NAME",
            "search: join words and meaning by additive, rrf, convex or learned, as `NAME:NUMBER` with another number; the shop's way if left out."
        ),
        .value(
            "rerank", "DIR", "search: put the first items in order with this network of `souk-train cross-encoder`."),
        .value("rerank-depth", "N", "search: how many items that are, 2 to 100; 50 if left out."),
        .value("windows", "N", "baskets: the report measures N cuts, four weeks apart, up to the one given; 1 to 12."),
        .value(
            "setting", "PARTS", "reranking: settings to measure, such as mmr:0.3; a standard set if left out.",
            repeatable: true),
        .value(
            "report", "FILE.html",
            "Write a report with tables and plots (search, sequences, baskets, sessions, newcomers, newitems, reranking, ratings, offpolicy)."
        ), .quiet,
    ]
    static let discussion = """
        souk evaluate search    --shop DIR --queries FILE --qrels FILE --run OUT [--compare RUN]
        souk evaluate fusion    --shop DIR --queries FILE --qrels FILE
        souk evaluate sequences --data FILE [--model NAME] --run OUT
        souk evaluate baskets   --shop DIR --cut DATE --users FILE --run OUT --run-new OUT
        souk evaluate sessions  --shop DIR --cut DATE [--event view_item] [--model A,B,…]
        souk evaluate sessions  --data FILE [--model A,B,…]
        souk evaluate newcomers --shop DIR --cut DATE
        souk evaluate newcomers --shop DIR --cut DATE --events 0,1,2,5 [--model A,B,…] [--parts N]
        souk evaluate newitems  --shop DIR --cut DATE [--model A,B,…]
        souk evaluate reranking --shop DIR --cut DATE [--users FILE] [--setting PARTS]…
        souk evaluate ratings   --data FILE [--scale 1,5] [--split time]
        souk evaluate offpolicy --impressions FILE --policy FILE
        souk evaluate voice     --shop DIR --recordings FILE [--run OUT]
        souk evaluate rewriting --shop DIR --weights DIR [--known]
        souk evaluate suggestions --shop DIR --weights DIR [--known]

        The last line of standard output is one JSON object. Its `checks` say what was looked for that would make the figures
        worthless; if one fails, the exit code is 1. See docs/evaluation.md.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        try console.printMeasured(name) { try measure(arguments, console: console, progress: $0) }
    }

    /// The result of the task as one line of JSON.
    private static func measure(
        _ arguments: Arguments, console: Console, progress: (Int, Int) -> Void
    ) throws -> String {
        let report = arguments.value("report")
        let result: String
        switch arguments.positional.first {
        case "search":
            result = try Workbench(path: arguments.required("shop")).evaluateSearch(
                queries: arguments.required("queries"), qrels: arguments.required("qrels"),
                run: arguments.required("run"), comparedWith: arguments.value("compare"), report: report,
                usesLists: !arguments.has("no-lists"), usesMeaning: !arguments.has("no-meaning"),
                fusion: try arguments.value("fusion").map { try FusionSetting(parsing: $0) },
                reranker: arguments.value("rerank"),
                depth: try arguments.integer("rerank-depth", in: 2...100), progress: progress)
        case "fusion":
            let measured = try Workbench(path: arguments.required("shop")).evaluateFusion(
                queries: arguments.required("queries"), qrels: arguments.required("qrels"), progress: progress)
            console.print(measured.table)
            result = measured.json
        case "sequences":
            result = try SequenceTask.evaluate(
                try sequences(arguments),
                times: { console.print("{\"train_seconds\":\($0),\"list_seconds\":\($1)}") }, progress: progress)
        case "baskets":
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--cut DATE is missing.") }
            let windows = try arguments.integer("windows", in: 1...12) ?? 1
            guard windows == 1 || report != nil else { throw UsageError("--windows needs --report FILE.html.") }
            result = try Workbench(path: arguments.required("shop")).evaluateBaskets(
                cut: cut, users: arguments.value("users"), run: arguments.required("run"),
                runNew: arguments.required("run-new"), model: arguments.value("model"),
                parameters: try arguments.value("parameters").map { try ParameterFile(path: $0) }, report: report,
                windows: windows, network: network(arguments), networkWeight: try networkWeight(arguments, most: 1),
                progress: progress)
        case "sessions":
            result = try sessions(arguments, report: report, progress: progress)
        case "newcomers":
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--cut DATE is missing.") }
            let workbench = try Workbench(path: arguments.required("shop"))
            if let events = try counts(arguments) {
                result = try workbench.evaluateFewEvents(
                    cut: cut, events: events, models: names(arguments),
                    parts: try arguments.integer("parts", in: 1...5) ?? 5, report: report, progress: progress)
            } else {
                result = try workbench.evaluateNewcomers(cut: cut, report: report, progress: progress)
            }
        case "newitems":
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--cut DATE is missing.") }
            result = try Workbench(path: arguments.required("shop")).evaluateNewItems(
                cut: cut, models: names(arguments), network: network(arguments), report: report, progress: progress)
        case "reranking":
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--cut DATE is missing.") }
            let measured = try Workbench(path: arguments.required("shop")).evaluateReranking(
                cut: cut, users: arguments.value("users"), settings: arguments.values("setting"),
                report: report, progress: progress)
            console.print(measured.table)
            result = measured.json
        case "ratings":
            result = try RatingTask.evaluate(try ratings(arguments), progress: progress)
        case "offpolicy":
            result = try OffPolicyTask.evaluate(
                log: arguments.required("impressions"), target: arguments.required("policy"), report: report)
        case "voice":
            result = try Workbench(path: arguments.required("shop")).evaluateVoice(
                list: arguments.required("recordings"), run: arguments.value("run"), progress: progress)
        case "rewriting":
            result = try Workbench(path: arguments.required("shop")).evaluateRewriting(
                weights: arguments.required("weights"), isKnown: arguments.has("known"), progress: progress)
        case "suggestions":
            result = try Workbench(path: arguments.required("shop")).evaluateSuggestions(
                weights: arguments.required("weights"), isKnown: arguments.has("known"), progress: progress)
        case let other:
            throw UsageError(
                (other.map { "There is no task '\($0)'." } ?? "The task is missing.")
                    + " Tasks: search, fusion, sequences, baskets, sessions, newcomers, newitems, reranking, ratings, offpolicy, voice, rewriting, suggestions."
            )
        }
        return result
    }

    private static func sessions(
        _ arguments: Arguments, report: String?, progress: (Int, Int) -> Void
    ) throws -> String {
        let event = try arguments.value("event").map { text in
            guard let event = EventName(rawValue: text), event != .search else {
                throw UsageError(
                    "--event takes the name of an event with items, such as purchase or view_item; not '\(text)'.")
            }
            return event
        }
        switch (arguments.value("data"), arguments.value("shop")) {
        case (let data?, nil):
            guard event == nil else { throw UsageError("--event belongs to --shop DIR, not to --data FILE.") }
            return try SessionTask.evaluate(
                data: data, models: names(arguments), report: report, progress: progress)
        case (nil, let shop?):
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--cut DATE is missing.") }
            return try Workbench(path: shop).evaluateSessions(
                cut: cut, event: event ?? .purchase, models: names(arguments), report: report, progress: progress)
        default: throw UsageError("Give either --data FILE or --shop DIR with --cut DATE.")
        }
    }

    /// The numbers of `--events`; `nil` without it.
    private static func counts(_ arguments: Arguments) throws -> [Int]? {
        guard let text = arguments.value("events") else { return nil }
        let counts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard counts.count <= 20, counts.allSatisfy({ (0...100).contains($0) }), Set(counts).count == counts.count
        else {
            throw UsageError("--events takes different whole numbers from 0 to 100, such as 1,2,5; not '\(text)'.")
        }
        return counts
    }

    /// The names of `--model`, with commas between them.
    private static func names(_ arguments: Arguments) throws -> [String]? {
        guard let text = arguments.value("model") else { return nil }
        let names = text.split(separator: ",").map(String.init)
        guard !names.isEmpty, Set(names).count == names.count else {
            throw UsageError("--model takes different names with commas between them; not '\(text)'.")
        }
        return names
    }

    private static func ratings(_ arguments: Arguments) throws -> RatingTask.Request {
        var request = RatingTask.Request(data: try arguments.required("data"))
        if let text = arguments.value("scale") {
            let ends = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
            guard ends.count == 2, ends.allSatisfy(\.isFinite), ends[0] < ends[1] else {
                throw UsageError("--scale takes two numbers, the lower first, such as 1,5; not '\(text)'.")
            }
            request.scale = ends[0]...ends[1]
        }
        if let text = arguments.value("split"), text != "time" {
            guard let seed = UInt64(text) else {
                throw UsageError("--split takes `time` or a seed, a whole number; not '\(text)'.")
            }
            request.splitSeed = seed
        } else if arguments.value("split") != nil {
            request.splitSeed = nil
        }
        request.run = arguments.value("run")
        request.report = arguments.value("report")
        return request
    }

    /// The network that `--weights` names, or the newest of the shop.
    private static func network(_ arguments: Arguments) -> NetworkChoice {
        arguments.value("weights").map { .folder($0) } ?? .usual
    }

    private static func networkWeight(_ arguments: Arguments, most: Double) throws -> Double? {
        guard let text = arguments.value("network-weight") else { return nil }
        guard let weight = Double(text), weight.isFinite, weight >= 0, weight <= most else {
            let range = most.isFinite ? "from 0 to \(Int(most))" : "of at least 0"
            throw UsageError("--network-weight takes a number \(range), not '\(text)'.")
        }
        return weight
    }

    private static func sequences(_ arguments: Arguments) throws -> SequenceTask.Request {
        var request = SequenceTask.Request(
            data: try arguments.required("data"), run: try arguments.required("run"))
        request.model = arguments.value("model")
        request.weights = arguments.value("weights")
        request.weight = try networkWeight(arguments, most: .infinity)
        request.trials = arguments.value("trials")
        request.shuffleSeed = try arguments.integer("shuffle-neighbours", in: 0...Int.max).map { UInt64($0) }
        request.isValidation = arguments.has("validation")
        request.report = arguments.value("report")
        return request
    }
}
