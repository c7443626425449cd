/// One request for one page, as far as an agent speaks HTTP: what has come, and what goes back.
package struct HTTPExchange: Sendable {
    package enum Progress: Hashable, Sendable {
        case incomplete
        /// A GET or HEAD of this path.
        case asked(path: String, isHead: Bool)
        /// The status to answer with.
        case refused(Int)
    }

    /// No scraper sends more; whoever does is none.
    package static let limit = 8192

    private var received: [UInt8] = []

    package init() {}

    package mutating func receive(_ bytes: [UInt8]) -> Progress {
        let isWhole = takeToEnd(bytes)
        guard isWhole else { return received.count > Self.limit ? .refused(431) : .incomplete }
        let line = String(decoding: received, as: UTF8.self).prefix { !$0.isNewline }
        let words = line.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .refused(400) }
        guard words[0] == "GET" || words[0] == "HEAD" else { return .refused(405) }
        return .asked(path: String(words[1].prefix { $0 != "?" }), isHead: words[0] == "HEAD")
    }

    /// Whether the empty line has come that ends a request's head.
    private mutating func takeToEnd(_ bytes: [UInt8]) -> Bool {
        for byte in bytes where byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "\n"), received.last == byte { return true }
            received.append(byte)
        }
        return false
    }

    /// A whole response; the connection is closed after it.
    package static func response(_ status: Int, _ body: String, type: String = "text/plain", isHead: Bool = false)
        -> [UInt8]
    {
        let head = [
            "HTTP/1.1 \(status) \(words[status] ?? "Unknown")", "Content-Type: \(type); charset=utf-8",
            "Content-Length: \(body.utf8.count)", "Connection: close",
        ]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + (isHead ? "" : body)).utf8)
    }

    private static let words = [
        200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed",
        431: "Request Header Fields Too Large", 503: "Service Unavailable",
    ]
}
