import JSON
public import Merchandising
import Storage

extension Workbench {
    /// Takes over what another engine's index settings say, into `config.json`; it holds from the next index on.
    ///
    /// - Parameter isDryRun: Whether only to say what would be taken over.
    public func importSettings(_ file: String, isDryRun: Bool) throws -> SettingsImport {
        let bytes = try FileSystem.read(file)
        guard bytes.count <= 1 << 22 else {
            throw LearningError(.unusable, "\(file) is no file of settings: over 4 MB.")
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw LearningError(.unusable, "\(file) is not JSON: \(error)")
        }
        let taken: SettingsImport
        do { taken = try SettingsImport(value) } catch { throw LearningError(.unusable, "\(file): \(error.message)") }
        guard !isDryRun else { return taken }
        var config = config
        config.searchedFields = taken.searchedFields ?? config.searchedFields
        config.language = taken.language ?? config.language
        config.groupsVariants = taken.groupsVariants ?? config.groupsVariants
        try config.save(to: folder.configPath)
        return taken
    }
}
