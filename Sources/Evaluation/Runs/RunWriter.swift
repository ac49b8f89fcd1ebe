import Foundation

/// Writes runs: the lists that a program made, one file that others can score.
///
/// The same lists always give the same bytes. A regular file is replaced whole, so that a reader never sees half of it.
public enum RunWriter {
    /// Items in one list of a top-ten run.
    public static let listLength = 10

    /// One list: whom it is for and what it holds, best first.
    public struct Row: Hashable, Sendable {
        public let owner: String
        public let items: [String]
        public init(owner: String, items: [String]) { (self.owner, self.items) = (owner, items) }
    }

    /// Writes `owner item1 … item10` lines in the order given; an empty list leaves the owner alone on its line.
    ///
    /// Throws `badRun` for a list that is longer than ten or names something twice, for an owner who comes twice, and for
    /// identifiers that are empty or hold blanks.
    public static func writeTopTen(_ rows: [Row], to path: String) throws(EvaluationError) {
        var owners: Set<String> = []
        var text = ""
        for row in rows {
            guard owners.insert(row.owner).inserted else {
                throw EvaluationError(.badRun, "Writing \(path): '\(row.owner)' has two lists.")
            }
            try check(row, limit: listLength, path: path)
            text += ([row.owner] + row.items).joined(separator: " ") + "\n"
        }
        try write(text, to: path)
    }

    /// Writes `text` to a regular file in one step, or to a pipe or device as it is.
    static func write(_ text: String, to path: String) throws(EvaluationError) {
        do {
            // No attributes: the file is not there yet, and writing says why it cannot be made.
            let found = try? FileManager.default.attributesOfItem(atPath: path)  // See above.
            let type = found?[.type] as? FileAttributeType
            let isRegular = type == nil || type == .typeRegular
            try Data(text.utf8).write(to: URL(filePath: path), options: isRegular ? .atomic : [])
        } catch {
            throw EvaluationError(.writeFailed, "Writing \(path): \(error.localizedDescription)")
        }
    }

    static func check(_ row: Row, limit: Int, path: String) throws(EvaluationError) {
        func refuse(_ problem: String) -> EvaluationError {
            EvaluationError(.badRun, "Writing \(path), list of '\(row.owner)': \(problem).")
        }
        guard row.items.count <= limit else { throw refuse("\(row.items.count) items, at most \(limit) are allowed") }
        guard Set(row.items).count == row.items.count else { throw refuse("an item is listed twice") }
        for word in [row.owner] + row.items where word.isEmpty || word.utf8.contains(where: { $0 <= 32 || $0 == 127 }) {
            throw refuse("'\(word)' cannot stand in a run: it is empty or holds blanks")
        }
    }
}
