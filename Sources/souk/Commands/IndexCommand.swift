import CommandInterface
import Foundation
import Learning
import Speech
import Storage
import VectorIndex

/// `souk index`: builds the search index.
enum IndexCommand: Command {
    static let name = "index"
    static let summary = "Build the search index from the catalogue."
    static let options: [Option] = [
        .shop, .value("dictionaries", "FILE", "Use the translations in this table."),
        .flag("no-dictionaries", "Leave out words of like meaning and translations."),
        .flag("no-lists", "For measuring: index the supplier's wording, with no shorthand expanded."),
        .value(
            "encoder", "DIR", "Take the sentence encoder's weights from this folder; `var/models/minilm` if left out."),
        .value(
            "reranker", "DIR", "Also take this network of `souk-train cross-encoder`, for searches that ask for it."),
        .flag(
            "allow-worse",
            "Take a network of `souk-train` although it was not measured to be better than its base, or was measured to be worse than the "
                + "one in service; the audit log records the latter."),
        .value(
            "nearest", "METHOD",
            "How the nearest vectors are found: scan, reduced or graph; the fastest that finds enough if left out."),
        .flag("no-encoder", "Leave out the vectors of what items mean."),
        .value(
            "picture-encoder", "DIR",
            "Take the weights of `souk-train cnn` from this folder; the newest that is not worse than an older one below `var/models/cnn`, "
                + "else `var/models/cnn-small`, if left out."
        ),
        .flag("no-pictures", "Leave out the vectors of what items look like."),
        .flag("no-speech", "Leave out the model of what shoppers may say."), .quiet,
    ]
    static let discussion = """
        The new index is served after `souk publish`. Shops in English also find words of like meaning, from WordNet
        (/usr/share/wordnet), and words of other languages; where a dictionary is not installed, it is left out.

        An encoder, a re-ranker or a network for pictures that was measured to be worse than the one in service, beyond the 95 % interval of
        the difference on the test cases that both were asked, is not taken.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        _ = try nearest(arguments)
        try check(arguments, workbench)
        if let reranker = arguments.value("reranker") {
            try workbench.takeReranker(reranker, allowsWorse: arguments.has("allow-worse")) { console.note($0) }
        }
        let line = console.progress("index")
        let dictionaries: Workbench.DictionaryChoice =
            arguments.has("no-dictionaries")
            ? .none : .installed(translations: arguments.value("dictionaries") ?? Workbench.defaultDictionaries)
        let built = try workbench.buildIndex(
            dictionaries: dictionaries, usesLists: !arguments.has("no-lists")
        ) { line.update($0, of: $1) }
        line.finish("\(built.documents) documents in \(built.folder)")
        if case .installed(let path) = dictionaries, workbench.config.language.hasPrefix("en"),
            !FileManager.default.fileExists(atPath: path)
        {
            console.note("No dictionaries in \(path): queries in other languages find nothing by translation.")
        }
        try encode(arguments, workbench, console)
        try encodePictures(arguments, workbench, console)
        try listen(arguments, workbench, console)
    }
}

extension IndexCommand {
    /// The folder of the sentence encoder; `nil` where none is to be taken or none is there.
    private static func encoder(_ arguments: Arguments) -> String? {
        guard !arguments.has("no-encoder") else { return nil }
        if let named = arguments.value("encoder") { return named }
        let usual = Workbench.defaultEncoder
        return FileManager.default.fileExists(atPath: usual) ? usual : nil
    }

    /// The folder of the network for pictures, likewise.
    private static func pictureEncoder(_ arguments: Arguments, _ workbench: Workbench) throws -> String? {
        guard !arguments.has("no-pictures"), workbench.hasPictures else { return nil }
        return try arguments.value("picture-encoder") ?? Workbench.defaultPictureEncoder()
    }

    /// Refuses networks before the catalogue is indexed in vain.
    private static func check(_ arguments: Arguments, _ workbench: Workbench) throws {
        guard !arguments.has("allow-worse") else { return }
        if let folder = encoder(arguments) { try workbench.check(folder, for: .meaning, allowsWorse: false) }
        if let folder = try pictureEncoder(arguments, workbench) {
            try workbench.check(folder, for: .pictures, allowsWorse: false)
        }
    }

    /// Encodes what items mean, where there are weights; an installation without them searches by words.
    private static func encode(_ arguments: Arguments, _ workbench: Workbench, _ console: Console) throws {
        guard let folder = encoder(arguments) else {
            guard !arguments.has("no-encoder") else { return }
            return console.note(
                "No sentence encoder in \(Workbench.defaultEncoder): the shop searches by words alone.")
        }
        let line = console.progress("encode")
        let built = try workbench.buildMeaning(
            encoder: folder, allowsWorse: arguments.has("allow-worse"), nearest: try nearest(arguments),
            note: { console.note($0) }
        ) { line.update($0, of: $1) }
        line.finish("\(built.texts) texts, the nearest by \(built.method.rawValue)")
        for measure in built.measured { console.note(text(of: measure)) }
    }

    /// What `--nearest` names; `nil` without it.
    private static func nearest(_ arguments: Arguments) throws -> VectorMethod? {
        guard let name = arguments.value("nearest") else { return nil }
        guard let method = VectorMethod(rawValue: name) else {
            throw UsageError("--nearest takes scan, reduced or graph; not '\(name)'.")
        }
        return method
    }

    private static func text(of measure: VectorMeasure) -> String {
        let (recall, build) = ((measure.recall * 1000).rounded() / 1000, (measure.buildSeconds * 10).rounded() / 10)
        return
            "  \(measure.method.rawValue.padded(to: 8)) recall@10 \(recall), \(Int(measure.medianMicroseconds)) µs, made in "
            + "\(build) s, \(measure.byteCount / 1024) kB"
    }

    /// Encodes what items look like, where there are pictures and a trained network.
    private static func encodePictures(_ arguments: Arguments, _ workbench: Workbench, _ console: Console) throws {
        guard let folder = try pictureEncoder(arguments, workbench) else {
            guard !arguments.has("no-pictures"), workbench.hasPictures else { return }
            return console.note("No network for pictures (`souk-train cnn`): the shop is not searched by picture.")
        }
        let line = console.progress("pictures")
        let pictures = try workbench.buildPictures(
            encoder: folder, allowsWorse: arguments.has("allow-worse"), note: { console.note($0) }
        ) { line.update($0, of: $1) }
        line.finish("\(pictures) pictures")
    }

    /// Writes what shoppers may say, where there is an acoustic model of the shop's language.
    private static func listen(_ arguments: Arguments, _ workbench: Workbench, _ console: Console) throws {
        guard !arguments.has("no-speech"), workbench.isSpoken else { return }
        guard AcousticModel.installed.isInstalled else {
            return console.note(
                "No acoustic model in \(AcousticModel.installed.folder): the shop is not searched by voice.")
        }
        let line = console.progress("speech")
        let built = try workbench.buildSpeech()
        line.finish("\(built.words) words, \(built.guessed) by their letters, \(built.leftOut) left out")
    }
}

/// `souk train`: fits the recommenders.
enum TrainCommand: Command {
    static let name = "train"
    static let summary = "Fit the recommendation models to the event log."
    static let options: [Option] = [
        .shop, .value("before", "DATE", "Use only events before this day."),
        .value(
            "network", "DIR",
            "Take this network of `souk-train NAME --shop`; the newest of the shop below var/models if left out."),
        .flag("no-network", "Take no network."),
        .flag(
            "warm",
            "Keep the rankers of the models in service, where they learned within 28 days, and learn all else anew: in a fraction of the time."
        ),
        .flag("measure", "Also train without the newest week and measure on it: `souk publish` compares by that."),
        .value("parameters", "FILE", "Train with these parameters, as `souk tune --shop DIR --best FILE` writes them."),
        .flag("fusion", "Learn instead how searches join words and meaning, for shops with `fusion` `learned`."),
        .value("queries", "FILE", "fusion: judged queries, lines of id, group, language, query."),
        .value("qrels", "FILE", "fusion: their TREC judgements."),
        .flag("synthetic", "fusion: learn from choices that `souk simulate` made, too."),
        .flag("allow-worse", "fusion: keep weights that do worse than the shipped ones."),
        .quiet,
    ]
    static let discussion = """
        The new models are served after `souk publish`. With --warm, counts, neighbours and tastes follow the log, while the rankers that weigh
        them stay: for a daily run between full ones. It trains in full, and says why, where rankers cannot be kept: they are too old, learned
        with other parameters, from events after --before, or from somebody who was erased since.

        What --parameters leaves out is as shipped; the manifest keeps them. A network of `souk-train sasrec --shop DIR` (or of its kin),
        and a perceptron of `souk-train purchase`, that learned from nothing after --before are taken into the shop beside them, unless
        somebody was erased since; docs/recommendations.md says where they can take part.

        `--fusion` learns from the judged queries that are given, or those in the shop's folder `judgements`, or else from what
        shoppers chose among what searches showed them.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        if arguments.has("fusion") {
            guard (arguments.value("queries") == nil) == (arguments.value("qrels") == nil) else {
                throw UsageError("--queries and --qrels belong together.")
            }
            console.print(
                try workbench.learnFusion(
                    queries: arguments.value("queries"), qrels: arguments.value("qrels"),
                    includesSynthetic: arguments.has("synthetic"), allowsWorse: arguments.has("allow-worse")))
            return
        }
        let before = try arguments.timestamp("before")
        let parameters = try arguments.value("parameters").map { try ParameterFile(path: $0) }
        guard arguments.value("network") == nil || !arguments.has("no-network") else {
            throw UsageError("Give --network DIR or --no-network, not both.")
        }
        let network: NetworkChoice =
            arguments.has("no-network") ? .none : arguments.value("network").map { .folder($0) } ?? .usual
        // A line of progress is not written into.
        var notes: [String] = []
        let line = console.progress("train")
        let trained = try workbench.train(
            before: before, isWarm: arguments.has("warm"), isMeasured: arguments.has("measure"), parameters: parameters,
            network: network, note: { notes.append($0) }
        ) { line.update($0, of: $1) }
        line.finish(trained.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
        for note in notes { console.note(note) }
    }
}

/// `souk publish`: names what is served.
enum PublishCommand: Command {
    static let name = "publish"
    static let summary = "Serve the newest index and models, or go back to an earlier generation."
    static let options: [Option] = [
        .shop, .value("rollback", "N", "Serve generation N again."), .flag("history", "List all generations."),
        .flag("allow-worse", "Serve models although they were measured to be worse; the audit log records it."), .quiet,
    ]
    static let discussion = """
        A running server takes the new generation over on SIGHUP, without dropping a request.

        Where `souk train --measure` measured both, models that told people's baskets worse than those in service, beyond the 95 %
        interval of the difference on the same people, are not published.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        if arguments.has("history") {
            for generation in try workbench.publications() { console.print(generation) }
            return
        }
        let target = try arguments.integer("rollback", in: 1...Int(Int32.max))
        let generation =
            try target.map { try workbench.rollBack(to: $0) }
            ?? workbench.publish(allowsWorse: arguments.has("allow-worse")) { console.note($0) }
        console.note("Generation \(generation) is published.")
    }
}
