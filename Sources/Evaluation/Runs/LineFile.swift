import Foundation

/// A text file read line by line within bounds: the strict part that all readers share.
struct LineFile {
    static let maximumBytes = 1 << 30
    static let maximumLineBytes = 1 << 20

    let path: String
    private let bytes: Data

    /// Reads the file; refuses a folder, a file above `maximumBytes`, and what is not UTF-8.
    init(path: String) throws(EvaluationError) {
        self.path = path
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            if let size = attributes[.size] as? Int, size > Self.maximumBytes {
                throw EvaluationError(.tooLarge, "Reading \(path): \(size) bytes are more than \(Self.maximumBytes).")
            }
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw EvaluationError(.unreadable, "Reading \(path): \(error.localizedDescription)")
        }
    }

    /// Calls `body` with each line that is not empty and its number from 1; a line ends with LF or CR LF.
    func forEachLine(_ body: (Int, Substring) throws(EvaluationError) -> Void) throws(EvaluationError) {
        var number = 0
        for slice in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            number += 1
            guard slice.count <= Self.maximumLineBytes else {
                throw error(number, "is longer than \(Self.maximumLineBytes) bytes")
            }
            guard let text = String(validating: slice, as: UTF8.self) else { throw error(number, "is not UTF-8") }
            let line = text.utf8.last == 13 ? String(decoding: text.utf8.dropLast(), as: UTF8.self)[...] : text[...]
            guard !line.utf8.allSatisfy({ $0 == 32 || $0 == 9 }) else { continue }
            try body(number, line)
        }
    }

    /// An error that names the file and the line.
    func error(_ line: Int, _ problem: String) -> EvaluationError {
        EvaluationError(.badLine, "\(path), line \(line): \(problem).", line: line)
    }

    /// The fields of a line that blanks or tabs separate.
    static func fields(_ line: Substring) -> [Substring] {
        line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    }
}
