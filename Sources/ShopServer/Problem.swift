import Feeds
import HTTP
import JSON
import Merchandising
import Pictures
import Serving
import Speech
import Storage

/// An error as the wire shows it: problem details of RFC 9457.
struct Problem: Error {
    let status: Int
    let title: String
    let detail: String
    var headers: [HTTPHeader] = []

    init(_ status: Int, _ title: String, _ detail: String, headers: [HTTPHeader] = []) {
        (self.status, self.title, self.detail, self.headers) = (status, title, detail, headers)
    }

    static func invalid(_ detail: String) -> Problem { Problem(400, "The request is not valid", detail) }

    /// The one table from errors to statuses; texts of errors from below reach nobody if they may tell of the machine.
    init(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as ServingError: self.init(Self.status(error.code), Self.title(error.code), error.message)
        case let error as JSONError:
            self.init(error.code == .tooLarge ? 413 : 400, "The body is not valid JSON", error.description)
        case let error as RuleError:
            self.init(error.code == .tooMany ? 413 : 400, "The rules are not valid", error.description)
        case let error as PictureError:
            switch error.code {
            case .tooLarge: self.init(413, "The picture is too large", error.message)
            case .unsupported: self.init(415, "Unsupported kind of picture", error.message)
            case .badData, .notPicture: self.init(400, "The picture is not valid", error.message)
            }
        case let error as SpeechError where error.code == .tooLarge:
            self.init(413, "The recording is too large", error.message)
        case let error as SpeechError where error.code == .unsupported:
            self.init(415, "Unsupported kind of recording", error.message)
        case let error as SpeechError where error.code == .notRecording:
            self.init(400, "The recording is not valid", error.message)
        case let error as FeedError: self.init(400, "A value is not valid", error.message)
        case let error as StorageError where error.code == .constraint:
            self.init(400, "The store refuses a value", error.message)
        case let error as StorageError where error.code == .notFound:
            self.init(404, "Not found", "There is no such thing.")
        case let error as StorageError where error.code == .busy || error.code == .locked:
            self.init(
                503, "The store is busy", "Too much is waiting to be written: try again in a second.",
                headers: [HTTPHeader("Retry-After", "1")])
        case let error as StorageError where error.code == .full:
            self.init(507, "The disk is full", "Nothing was written: make room on the server's disk.")
        default:
            self.init(500, "The server failed", "Something is wrong on the server: its log and `souk doctor` say more.")
        }
    }

    var response: HTTPResponse {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { writer in
            writer.member("type", "about:blank")
            writer.member("title", title)
            writer.member("status", status)
            writer.member("detail", detail)
        }
        var response = HTTPResponse(
            status: status, contentType: "application/problem+json", body: writer.finish())
        for header in headers { response.set(header.name, header.value) }
        return response
    }

    private static func status(_ code: ServingError.Code) -> Int {
        switch code {
        case .invalid: 400
        case .unknownItem, .notFound: 404
        case .conflict: 409
        case .notPublished, .busy: 503
        case .failed: 500
        }
    }

    private static func title(_ code: ServingError.Code) -> String {
        switch code {
        case .invalid: "The request is not valid"
        case .unknownItem: "Unknown item"
        case .notFound: "Not found"
        case .notPublished: "Nothing is published yet"
        case .conflict: "Conflict"
        case .busy: "The server is busy"
        case .failed: "The server failed"
        }
    }
}
