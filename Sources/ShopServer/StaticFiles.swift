import Foundation
import HTTP
import Storage

/// The pages' files, served from folders that requests cannot leave.
struct StaticFiles: Sendable {
    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "json": "application/json",
        "woff2": "font/woff2", "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8",
    ]

    private let web: String?

    /// - Parameter folder: The folder of the pages; found beside the program if `nil`.
    init(folder: String?) { web = folder ?? Self.findFolder() }

    /// The file for a path, or `nil` if there is none.
    func response(for request: HTTPRequest) -> HTTPResponse? {
        guard let web, let (folders, parts) = place(request.path, web: web) else { return nil }
        guard parts.allSatisfy(Self.isPlain), let name = parts.last else { return nil }
        let path = folders.map { "\($0)/\(parts.joined(separator: "/"))" }.first { Self.isFile($0) }
        // A file that cannot be read is no page: the router answers 404.
        guard let path, let bytes = try? FileSystem.read(path, maximumBytes: 16 << 20) else { return nil }
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        let tag = "\"\(SHA256.hex(of: bytes).prefix(32))\""
        var response = HTTPResponse(contentType: Self.types[ending] ?? "application/octet-stream", body: bytes)
        if request.header("if-none-match") == tag { response = HTTPResponse(status: 304) }
        response.set("ETag", tag)
        response.set("Cache-Control", "no-cache")
        return response
    }

    /// Bytes of a file that belongs to the pages' folder.
    func file(_ name: String) -> [UInt8]? {
        // Absent is a normal answer: the caller says what is missing.
        web.flatMap { try? FileSystem.read("\($0)/\(name)", maximumBytes: 4 << 20) }
    }

    private func place(_ path: [String], web: String) -> (folders: [String], parts: [String])? {
        let parts = path.filter { !$0.isEmpty }
        switch parts.first {
        case "vendor": return (["\(web)/vendor", "\(web)/../var/web/vendor"], Array(parts.dropFirst()))
        case "console", "storefront":
            let rest = Array(parts.dropFirst())
            return (["\(web)/\(parts[0])"], rest.isEmpty ? ["index.html"] : rest)
        case nil: return (["\(web)/storefront"], ["index.html"])
        default: return (["\(web)/storefront"], parts)
        }
    }

    /// Neither hidden nor a way up.
    private static func isPlain(_ part: String) -> Bool {
        !part.hasPrefix(".") && !part.contains("/") && !part.contains("\\") && part.utf8.count <= 128
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    private static func findFolder() -> String? {
        if let named = ProcessInfo.processInfo.environment["SOUK_WEB"], !named.isEmpty { return named }
        var place = URL(filePath: CommandLine.arguments.first ?? ".").resolvingSymlinksInPath()
        for _ in 0..<6 {
            place.deleteLastPathComponent()
            let candidate = place.appending(path: "Web/storefront/index.html").path(percentEncoded: false)
            if FileManager.default.fileExists(atPath: candidate) {
                return place.appending(path: "Web").path(percentEncoded: false)
            }
        }
        return FileManager.default.fileExists(atPath: "Web/storefront/index.html") ? "Web" : nil
    }
}
