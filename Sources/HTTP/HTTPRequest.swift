/// One request, read completely and within the server's limits.
public struct HTTPRequest: Sendable {
    /// In capitals: `GET`, `HEAD`, `POST`, …
    public var method: String
    public var target: RequestTarget
    /// In the order sent; names in lower case.
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// The peer's numeric address; empty if unknown.
    public var remoteAddress: String
    public var isSecure: Bool

    public init(
        method: String, target: RequestTarget, headers: [HTTPHeader] = [], body: [UInt8] = [],
        remoteAddress: String = "", isSecure: Bool = false
    ) {
        (self.method, self.target, self.body) = (method, target, body)
        self.headers = headers.map { HTTPHeader($0.name.lowercased(), $0.value) }
        (self.remoteAddress, self.isSecure) = (remoteAddress, isSecure)
    }

    /// Decoded parts of the path: `/a/b%2Fc` is `["a", "b/c"]`.
    public var path: [String] { target.segments }

    /// The first header of that name, which is given in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The first query item of that name.
    public func query(_ name: String) -> String? { target.query.first { $0.name == name }?.value }

    /// All query items of that name, in the order sent.
    public func queries(_ name: String) -> [String] { target.query.filter { $0.name == name }.map(\.value) }

    /// The media type of the body in lower case, without parameters; empty if the request names none.
    public var mediaType: String {
        let value = header("content-type") ?? ""
        return value.prefix { $0 != ";" }.trimmingSpaces().lowercased()
    }

    /// The value of a cookie; the first if several have the name.
    public func cookie(_ name: String) -> String? {
        for header in headers where header.name == "cookie" {
            for part in header.value.split(separator: ";") {
                let pair = part.trimmingSpaces()
                guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
                return String(pair[pair.index(after: equals)...])
            }
        }
        return nil
    }
}

/// One header field.
public struct HTTPHeader: Hashable, Sendable {
    public var name: String
    public var value: String
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
