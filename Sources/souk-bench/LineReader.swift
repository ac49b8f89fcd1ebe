import Foundation

/// Reads the lines of a file one by one.
@safe final class LineReader {
    @unsafe private let file: UnsafeMutablePointer<FILE>
    @unsafe private var line: UnsafeMutablePointer<CChar>?
    private var capacity = 0

    init?(path: String) {
        guard let file = unsafe fopen(path, "r") else { return nil }
        unsafe self.file = file
    }

    deinit {
        unsafe fclose(file)
        unsafe free(line)
    }

    /// The next line without its end.
    func next() -> String? {
        let count = unsafe getline(&line, &capacity, file)
        guard count > 0, let line = unsafe line else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: line, count: count)
        return unsafe String(decoding: bytes.last == 10 ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
