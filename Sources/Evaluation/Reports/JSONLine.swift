public import JSON

/// The last line that a command prints for programs to read: one JSON object.
public enum JSONLine {
    /// Returns the object as one line without its end; NaN and infinity become `null`.
    public static func text(_ value: JSONValue) -> String { String(decoding: value.encoded, as: UTF8.self) }
}
