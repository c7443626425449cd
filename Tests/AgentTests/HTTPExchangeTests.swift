import Agent
import Testing

struct HTTPExchangeTests {
    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", HTTPExchange.Progress.asked(path: "/metrics", isHead: false)),
        ("GET /metrics?x=1 HTTP/1.0\r\n\r\n", .asked(path: "/metrics", isHead: false)),
        ("HEAD / HTTP/1.1\r\n\r\n", .asked(path: "/", isHead: true)),
        ("GET /metrics HTTP/1.1\r\nHost: a\r\n", .incomplete),
        ("POST /metrics HTTP/1.1\r\n\r\n", .refused(405)),
        ("nonsense\r\n\r\n", .refused(400)),
        ("GET /metrics HTTP/2\r\n\r\n", .refused(400)),
        ("\u{16}\u{3}\u{1}\r\n\r\n", .refused(400)),
    ])
    func `a request is what its first line says`(_ text: String, _ progress: HTTPExchange.Progress) {
        var exchange = HTTPExchange()
        #expect(exchange.receive(Array(text.utf8)) == progress)
    }

    @Test func `a request may come in pieces`() {
        var exchange = HTTPExchange()
        let text = Array("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        for byte in text.dropLast() { #expect(exchange.receive([byte]) == .incomplete) }
        #expect(exchange.receive([text[text.count - 1]]) == .asked(path: "/readyz", isHead: false))
    }

    @Test func `a request without end is refused`() {
        var exchange = HTTPExchange()
        let line = Array("X-Filler: 0123456789\r\n".utf8)
        var progress = HTTPExchange.Progress.incomplete
        for _ in 0..<400 where progress == .incomplete { progress = exchange.receive(line) }
        #expect(progress == .refused(431))
    }

    @Test func `HEAD has the length of what GET would have`() {
        let head = String(decoding: HTTPExchange.response(200, "hello", isHead: true), as: UTF8.self)
        #expect(head.contains("\r\nContent-Length: 5\r\n"))
        #expect(head.hasSuffix("\r\n\r\n"))
    }
}
