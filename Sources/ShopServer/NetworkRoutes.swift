import Domain
import HTTP
import JSON
import Storage

/// Curves and reports of the networks that `souk-train` trains, also while it trains them.
struct NetworkRoutes: Sendable {
    /// Holds a folder a network, as `souk-train --folder` fills them; `nil`: there are none to show.
    let networks: String?
    let reports: String?

    /// Larger files of a model's figures are not read.
    private static let figuresLimit = 1 << 20
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
        writer.member("updated", Timestamp(milliseconds: Int64(network.log.updated) * 1000).description)
        writer.member("has_report", reportPath(network.name) != nil)
        writer.optional("part", network.log.part)
        write(epochs: network.log, &writer)
        writer.array("earlier") { writer in
            for log in network.earlier {
                writer.object { writer in
                    writer.optional("part", log.part)
                    write(epochs: log, &writer)
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

    private func write(epochs log: TrainingLog, _ writer: inout JSONWriter) {
        writer.array("epochs") { writer in
            for epoch in log.epochs {
                writer.object { writer in
                    for (column, value) in zip(log.columns, epoch) {
                        writer.name(dynamic: column)
                        if let value { writer.value(value) } else { writer.null() }
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
        /// The one that was written last.
        let log: TrainingLog
        /// Those of the parts before it, in the order of the run.
        let earlier: [TrainingLog]
        /// Finished models, the oldest first.
        let versions: [Version]
        /// Whether the log is newer than the newest finished model.
        let isOpen: Bool

        func isRunning(now: Timestamp) -> Bool {
            guard isOpen else { return false }
            let silence = Double(now.milliseconds) / 1e3 - Double(log.updated)
            return silence < max(NetworkRoutes.patienceSeconds, 3 * log.lastSeconds)
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
            var logs = try TrainingLog.all(below: path)
            if logs.isEmpty, let newest, let log = try TrainingLog(newest, part: nil) { logs = [log] }
            guard let last = logs.indices.max(by: { (logs[$0].updated, $0) < (logs[$1].updated, $1) }) else {
                return nil
            }
            // What lies behind the last one in the order of a run is of an earlier run.
            let log = logs[last]
            let finished = try newest.map { try FileSystem.modified($0 + "/metrics.json") } ?? 0
            return Network(
                name: name, log: log, earlier: Array(logs[..<last]), versions: versions, isOpen: log.updated > finished)
        }
    }

    /// The numbers of a finished model; other members of its file (tables, names) are for its report.
    private static func version(_ number: Int, in path: String) -> Network.Version? {
        let figures = "\(path)/\(number)/metrics.json"
        guard let bytes = try? FileSystem.read(figures, maximumBytes: figuresLimit),  // No model.
            let members = try? JSONValue(parsing: bytes).objectValue  // A damaged file has nothing to show.
        else { return nil }
        return Network.Version(
            number: number, metrics: members.compactMap { each in each.value.doubleValue.map { (each.name, $0) } })
    }
}
