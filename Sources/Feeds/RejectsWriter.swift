import Glibc
import JSON

/// Writes refused records to a JSON Lines file: line, reason and field, without the record itself or personal data.
public final class RejectsWriter {
    /// How many records were refused so far.
    public private(set) var count = 0
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// - Parameter path: Replaced if it exists; `nil` only counts.
    public init(path: String?) throws(FeedError) {
        self.path = path ?? ""
        guard let path else {
            descriptor = -1
            return
        }
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FeedError(.unreadable, "Creating the rejects file \(path): \(ByteInput.reason(errno)).")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Notes one refused record. `source` names the file where several are read in one run.
    public func reject(line: Int, source: String = "", reason: String, field: String = "") throws(FeedError) {
        count += 1
        guard descriptor >= 0 else { return }
        var writer = JSONWriter(reservingCapacity: 128)
        writer.object { writer in
            writer.member("line", line)
            if !source.isEmpty { writer.member("file", source) }
            writer.member("reason", reason)
            if !field.isEmpty { writer.member("field", field) }
        }
        buffer.append(contentsOf: writer.finish())
        buffer.append(0x0A)
        if buffer.count > 1 << 16 { try flush() }
    }

    /// Hands everything to the operating system.
    public func flush() throws(FeedError) {
        guard descriptor >= 0 else { return }
        var offset = 0
        while offset < buffer.count {
            let start = offset
            let written = unsafe buffer.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress! + start, bytes.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw FeedError(.unreadable, "Writing the rejects file \(path): \(ByteInput.reason(errno)).")
            }
            offset += written
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
