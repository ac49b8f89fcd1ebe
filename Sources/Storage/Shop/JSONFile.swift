internal import JSON

/// Reading of the small JSON files in a shop's folder.
enum JSONFile {
    static func read(_ path: String, maximumBytes: Int) throws(StorageError) -> JSONValue {
        let bytes = try FileSystem.read(path, maximumBytes: maximumBytes)
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw StorageError(.corrupt, "\(path): \(error) Restore the file, or write it again.", cause: error)
        }
    }

    /// Refuses formats other than `oldest...known`; `oldest` is `known` unless it is given.
    static func checkFormat(
        _ root: JSONValue, _ path: String, _ known: Int, oldest: Int? = nil
    ) throws(StorageError) {
        guard let format = root["format"]?.integerValue else { throw invalid(path, "“format” must be a number") }
        guard format <= known, format >= oldest ?? known else {
            throw StorageError(
                .unknownFormat, "\(path) has format \(format); this Souk knows \(known). Use the Souk that wrote it.")
        }
    }

    static func invalid(_ path: String, _ reason: String) -> StorageError {
        StorageError(.corrupt, "\(path): \(reason). Correct the file.")
    }
}
