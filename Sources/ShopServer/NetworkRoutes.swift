import Domain
import HTTP
import JSON
import Storage

/// Curves and reports of the networks that `souk-train` trains, also while it trains them.
struct NetworkRoutes: Sendable {
    /// Holds a folder a network, as `souk-train --folder` fills them; `nil`: there are none to show.
    let networks: String?
    let reports: String?

    /// A log of more bytes than this is not read.
    private static let logLimit = 1 << 20
    private static let networkLimit = 200
    /// A run whose log stands still for so long (and for three of its epochs) is not called a running one.
    private static let patienceSeconds = 600.0

    var routes: [Route] {
        [
            Route("GET", "/console/api/networks", .person(.viewer), list),
            Route("GET", "/console/networks/{name}/report", .person(.viewer), report),
        ]
    }

    private func list(_ call: Call) throws -> HTTPResponse {
        let found = try networks.map(Self.read) ?? []
        return Call.respond { writer in
            writer.member("has_folder", networks != nil)
            writer.array("networks") { writer in
                for network in found { writer.object { write(network, &$0) } }
            }
        }
    }

    private func write(_ network: Network, _ writer: inout JSONWriter) {
        writer.member("name", network.name)
        writer.member("running", network.isRunning(now: SystemTime.now()))
        writer.optional("updated", network.updated?.description)
        writer.member("has_report", reportPath(network.name) != nil)
        writer.array("epochs") { writer in
            for epoch in network.epochs {
                writer.object { writer in
                    for (column, value) in zip(network.columns, epoch) {
                        writer.name(dynamic: column)
                        if let value { writer.value(value) } else { writer.null() }
                    }
                }
            }
        }
        writer.array("versions") { writer in
            for version in network.versions {
                writer.object { writer in
                    writer.member("version", version.number)
                    writer.object("metrics") { writer in
                        for (name, value) in version.metrics {
                            writer.name(dynamic: name)
                            writer.value(value)
                        }
                    }
                }
            }
        }
    }

    private func report(_ call: Call) throws -> HTTPResponse {
        guard let path = reportPath(call.parameter("name")) else {
            throw Problem(404, "No report", "This network has no report: train it with --report.")
        }
        return try ConsoleRoutes.page(ofReport: path)
    }

    /// - Returns: `nil` if there is no such report, or the name could lead out of the folder.
    private func reportPath(_ name: String) -> String? {
        guard let reports, Self.isPlain(name) else { return nil }
        let path = "\(reports)/\(name).html"
        return FileSystem.exists(path) ? path : nil
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.hasPrefix(".") && (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

extension NetworkRoutes {
    /// What a folder of `souk-train` tells.
    private struct Network {
        struct Version {
            let number: Int
            let metrics: [(String, Double)]
        }

        let name: String
        /// Names of the log's columns.
        let columns: [String]
        /// A row an epoch; `nil` where nothing was measured.
        let epochs: [[Double?]]
        /// When the log was last written.
        let updated: Timestamp?
        /// Finished models, the oldest first.
        let versions: [Version]
        /// Whether the log is newer than the newest finished model.
        let isOpen: Bool

        func isRunning(now: Timestamp) -> Bool {
            guard isOpen, let updated else { return false }
            let seconds = columns.firstIndex(of: "seconds").flatMap { epochs.last?[$0] } ?? 0
            let silence = Double(now.milliseconds - updated.milliseconds) / 1e3
            return silence < max(NetworkRoutes.patienceSeconds, 3 * seconds)
        }
    }

    /// Every network below `folder`: those with a log or a finished model.
    private static func read(_ folder: String) throws -> [Network] {
        try FileSystem.names(in: folder).filter(isPlain).prefix(networkLimit).compactMap { name in
            let path = "\(folder)/\(name)"
            guard FileSystem.isFolder(path) else { return nil }
            let versions = try FileSystem.names(in: path).compactMap(Int.init).sorted().compactMap { number in
                version(number, in: path)
            }
            let newest = versions.last.map { "\(path)/\($0.number)" }
            let running = "\(path)/log.csv"
            guard let log = FileSystem.exists(running) ? running : newest.map({ $0 + "/log.csv" }),
                let (columns, epochs) = table(log)
            else { return nil }
            let updated = try FileSystem.modified(log)
            let finished = try newest.map { try FileSystem.modified($0 + "/metrics.json") } ?? 0
            return Network(
                name: name, columns: columns, epochs: epochs,
                updated: Timestamp(milliseconds: Int64(updated) * 1000), versions: versions, isOpen: updated > finished)
        }
    }

    /// The numbers of a finished model; other members of its file (tables, names) are for its report.
    private static func version(_ number: Int, in path: String) -> Network.Version? {
        guard let bytes = try? FileSystem.read("\(path)/\(number)/metrics.json", maximumBytes: logLimit),  // No model.
            let members = try? JSONValue(parsing: bytes).objectValue  // A damaged file has nothing to show.
        else { return nil }
        return Network.Version(
            number: number, metrics: members.compactMap { each in each.value.doubleValue.map { (each.name, $0) } })
    }

    /// A log of numbers separated by commas below a line of names; `nil` if it is none, or is too large.
    private static func table(_ path: String) -> (columns: [String], rows: [[Double?]])? {
        guard let bytes = try? FileSystem.read(path, maximumBytes: logLimit) else { return nil }  // No log to draw.
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let columns = lines.first?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        else { return nil }
        let rows = lines.dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        }
        return (columns, rows.filter { $0.count == columns.count })
    }
}
