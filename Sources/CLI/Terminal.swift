import Netlink

/// The three streams that a command talks through.
enum Terminal {
    static let output: Int32 = 1
    static let error: Int32 = 2

    static func prepare() {
        ThisProcess.ignoreBrokenPipes()
    }

    /// Colour is for people: on a terminal, unless they asked for none (no-color.org).
    static func isColoured(_ stream: Int32) -> Bool {
        ThisProcess.isTerminal(stream) && ThisProcess.variable("NO_COLOR")?.isEmpty != false
    }

    /// A result. That nobody reads it any more is the reader's decision.
    static func print(_ text: String) {
        try? write(text, to: output)
    }

    /// A part of a large result.
    static func print(_ bytes: [UInt8]) {
        try? write(String(decoding: bytes, as: UTF8.self), to: output)
    }

    /// Something about the run itself.
    static func note(_ text: String) {
        try? write("weft: \(text)\n", to: error)
    }

    /// What is being done now, on a terminal only, each in the place of the last.
    static func progress(_ text: String) {
        guard ThisProcess.isTerminal(error) else { return }
        try? write("\r\u{1b}[K\(text)", to: error)
    }

    static func endProgress() {
        guard ThisProcess.isTerminal(error) else { return }
        try? write("\r\u{1b}[K", to: error)
    }
}
