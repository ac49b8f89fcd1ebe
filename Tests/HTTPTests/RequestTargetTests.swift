import HTTP
import Testing

@Suite struct RequestTargetTests {
    @Test func `path and query are decoded part by part`() throws {
        let target = try RequestTarget("/v1/items/a%2Fb?q=caf%C3%A9+au&filter=x:1&filter=y%3D2&flag")
        #expect(target.segments == ["v1", "items", "a/b"])
        #expect(target.query.map(\.name) == ["q", "filter", "filter", "flag"])
        #expect(target.query.map(\.value) == ["café au", "x:1", "y=2", ""])
        #expect(try RequestTarget("/").segments.isEmpty)
    }

    @Test(arguments: ["", "x", "/%", "/%4", "/%zz", "/?q=%ff", "/%00", "/a%0Ab", "/?q=%C3%28"])
    func `a target that is not percent-encoded UTF-8 is refused`(raw: String) {
        #expect(throws: HTTPError.self) { try RequestTarget(raw) }
    }

    @Test func `too many query items are refused`() {
        let query = Array(repeating: "a=1", count: RequestTarget.maximumQueryItems + 1).joined(separator: "&")
        #expect(throws: HTTPError.self) { try RequestTarget("/?" + query) }
    }

    @Test func `cookies and media types are read from headers`() throws {
        let request = HTTPRequest(
            method: "POST", target: try RequestTarget("/"),
            headers: [
                HTTPHeader("Cookie", "a=1; souk=xyz; b=2"),
                HTTPHeader("Content-Type", "Application/JSON; charset=utf-8"),
            ])
        #expect(request.cookie("souk") == "xyz")
        #expect(request.cookie("c") == nil)
        #expect(request.mediaType == "application/json")
    }
}
