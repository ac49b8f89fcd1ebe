import Domain
import Evaluation
import Foundation
import JSON
import Merchandising
import SearchIndex
public import Speech
import Storage
import TextAnalysis

extension Workbench {
    /// The folders of speech models, below `models/`.
    var speechFolder: String { "\(folder.modelsFolder)/\(SpeechModel.kind)" }

    /// Whether there is an acoustic model of the shop's language.
    public var isSpoken: Bool {
        config.language.split(separator: "-").first?.lowercased() == AcousticModel.language
    }

    /// Writes the model of what shoppers may say in the next folder below `models/speech/`: from the catalogue's texts, the synonyms in
    /// force, and those queries of the log that found something and were not simulated.
    ///
    /// - Throws: `LearningError` `unusable` for a shop in a language that there is no acoustic model of; `SpeechError`.
    public func buildSpeech(
        acoustic: AcousticModel = .installed, settings: SpeechSettings = SpeechSettings()
    ) throws -> SpeechModelBuilder.Built {
        guard isSpoken else {
            throw LearningError(
                .unusable, "There is an acoustic model of English alone; this shop's language is \(config.language).")
        }
        var builder = SpeechModelBuilder(language: config.language)
        try forEachItem { if !$0.isWithdrawn { builder.add($0.item) } }
        for phrase in try synonymPhrases() { builder.add(query: phrase, count: 1) }
        try store.forEachEvent(EventFilter(names: [.search], includesSynthetic: false)) { logged in
            if let query = logged.event.query, logged.event.resultCount ?? 0 > 0 { builder.add(query: query, count: 1) }
        }
        try FileSystem.makeFolder(speechFolder)
        return try builder.write(
            to: "\(speechFolder)/\(try nextVersion(in: speechFolder))", acoustic: acoustic, settings: settings)
    }

    private func synonymPhrases() throws -> [String] {
        guard FileSystem.exists(folder.rulesPath) else { return [] }
        let book = try RuleBook(
            decoding: JSONValue(parsing: FileSystem.read(folder.rulesPath, maximumBytes: RuleBook.maximumBytes)))
        return book.synonyms.flatMap { $0.from + $0.to }
    }

    /// Lets the newest speech model listen to recordings, and compares what it heard, and what a search then finds, with the typed query.
    ///
    /// Both sides are folded as queries are; nothing here writes to the shop.
    /// - Parameters:
    ///   - list: See `VoiceEvaluation.readList`.
    ///   - run: Where what was heard is written: path, what was said, what was heard and confidence, with tabs between; `nil` for nowhere.
    /// - Returns: The result as one line of JSON.
    public func evaluateVoice(list: String, run: String?, progress: (Int, Int) -> Void) throws -> String {
        guard let version = try versions(in: speechFolder).last else {
            throw LearningError(.missing, "There is no speech model yet: run `souk index --shop \(folder.path)`.")
        }
        let model = try SpeechModel(folder: "\(speechFolder)/\(version)", limit: 1)
        let spoken = try VoiceEvaluation.readList(path: list)
        let search = try NewestSearch(self)
        var lines = ""
        var results: [VoiceEvaluation.Heard] = []
        for (index, one) in spoken.enumerated() {
            let recording = try Recording(wav: FileSystem.read(one.path, maximumBytes: Recording.maximumBytes))
            let start = ContinuousClock.now
            let transcript = try model.transcribe(recording, alternatives: 5)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let said = Self.folded(one.text)
            let typed = try search.hits(one.text, limit: SearchEvaluation.cutoff).map(\.number)
            let found = try search.hits(transcript.text, limit: SearchEvaluation.cutoff).map(\.number)
            let texts = [transcript.text] + transcript.alternatives
            results.append(
                VoiceEvaluation.Heard(
                    errors: WordErrors(said: said, heard: Self.folded(transcript.text)),
                    isAmongAlternatives: texts.contains { Self.folded($0) == said }, findsSame: typed == found,
                    overlap: typed.isEmpty
                        ? nil : Double(Set(typed).intersection(found).count) / Double(typed.count),
                    confidence: transcript.confidence, audioSeconds: recording.seconds, decodeSeconds: seconds))
            lines += "\(one.path)\t\(one.text)\t\(transcript.text)\t\(transcript.confidence)\n"
            progress(index + 1, spoken.count)
        }
        if let run { try AtomicFile.write(Array(lines.utf8), to: run) }
        return JSONLine.text(VoiceEvaluation.json(results, of: spoken))
    }

    private static func folded(_ text: String) -> [String] {
        TextFolding.words(of: text).map { String(decoding: $0, as: UTF8.self) }
    }
}
