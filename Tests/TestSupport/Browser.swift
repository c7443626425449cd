import Foundation

/// A headless Chromium with one page, which takes keys as from a keyboard, Tab included. It goes with this value.
///
/// It is driven by the DevTools protocol through a pipe: messages of JSON, each ended by a zero byte
/// (`--remote-debugging-pipe`: descriptor 3 is read, 4 written).
package final class Browser {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package enum Key: String {
        case tab = "Tab"
        case enter = "Enter"
        case escape = "Escape"
        case end = "End"
        case arrowLeft = "ArrowLeft"
        case arrowUp = "ArrowUp"
        case arrowRight = "ArrowRight"
        case arrowDown = "ArrowDown"

        /// https://www.w3.org/TR/uievents/#legacy-key-attributes
        fileprivate var code: Int {
            switch self {
            case .tab: 9
            case .enter: 13
            case .escape: 27
            case .end: 35
            case .arrowLeft: 37
            case .arrowUp: 38
            case .arrowRight: 39
            case .arrowDown: 40
            }
        }
    }

    private static let path = "/usr/bin/chromium"
    package static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    private let process = Process()
    private let pipes: (input: Pipe, output: Pipe, errors: Pipe)
    /// Its home, and the page's.
    private let folder: URL
    private var received = Data()
    private var lastNumber = 0
    private var session: String?
    private var isLoaded = false

    package init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let options = "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --remote-debugging-pipe"
        process.executableURL = URL(filePath: "/usr/bin/env")
        // One that hangs ends, and the test with it.
        process.arguments = [
            "timeout", "180", "sh", "-c",
            "exec \(Self.path) \(options) --user-data-dir=\"$HOME/profile\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(["HOME": folder.path]) { $1 }
        pipes = try Spawning.start(process)
        // Or its end of the pipe would never be the last.
        try pipes.output.fileHandleForWriting.close()
        try pipes.input.fileHandleForReading.close()
        let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? ""
        session = try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
        try call("Page.enable")
    }

    deinit {
        // It ends with the pipe.
        try? pipes.input.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Shows a page, and returns when it is there.
    package func show(_ page: String) throws {
        let file = folder.appending(path: "page.html")
        try Data(page.utf8).write(to: file)
        isLoaded = false
        try call("Page.navigate", ["url": file.absoluteString])
        while !isLoaded { try note(receive()) }
        try settle()
    }

    /// What a reader's system would say: how wide the window is, in CSS pixels, and whether it should be dark.
    package func look(width: Int, isDark: Bool = false) throws {
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false])
        let scheme = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
        try call("Emulation.setEmulatedMedia", ["features": [scheme]])
        try settle()
    }

    package func press(_ key: Key, times: Int = 1) throws {
        for _ in 0..<times {
            var event: [String: Any] = [
                "type": "keyDown", "key": key.rawValue, "code": key.rawValue, "windowsVirtualKeyCode": key.code,
            ]
            if key == .enter { event["text"] = "\r" }
            try call("Input.dispatchKeyEvent", event)
            event["type"] = "keyUp"
            event["text"] = nil
            try call("Input.dispatchKeyEvent", event)
        }
    }

    /// What a JavaScript expression comes to on the page.
    package func ask<Answer: Decodable>(_ expression: String, as type: Answer.Type = Answer.self) throws -> Answer {
        let answer = try call(
            "Runtime.evaluate",
            ["expression": "JSON.stringify((\(expression)) ?? null)", "returnByValue": true, "awaitPromise": true])
        guard let text = (answer["result"] as? [String: Any])?["value"] as? String else {
            throw Failure(description: "\(expression): \(answer)")
        }
        return try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// Does something on the page, as a script of its own would, and has all come of it.
    package func perform(_ statement: String) throws {
        _ = try ask("(() => { \(statement); })()", as: String?.self)
        try settle()
    }

    /// Has what follows from the last change happen: observers are told before the frame after it.
    package func settle() throws {
        let frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
        try call("Runtime.evaluate", ["expression": frames, "awaitPromise": true])
    }

    /// Puts down what is seen, for somebody to look at, where `WEFT_SCREENSHOTS` names a folder.
    package func photograph(_ name: String) throws {
        guard let place = ProcessInfo.processInfo.environment["WEFT_SCREENSHOTS"] else { return }
        let answer = try call("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        let picture = Data(base64Encoded: answer["data"] as? String ?? "") ?? Data()
        try picture.write(to: URL(filePath: place).appending(path: "\(name).png"))
    }

    @discardableResult
    private func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        lastNumber += 1
        var message: [String: Any] = ["id": lastNumber, "method": method, "params": parameters]
        message["sessionId"] = session
        let bytes = try JSONSerialization.data(withJSONObject: message) + [0]
        try pipes.input.fileHandleForWriting.write(contentsOf: bytes)
        while true {
            let answer = try receive()
            note(answer)
            guard answer["id"] as? Int == lastNumber else { continue }
            guard let result = answer["result"] as? [String: Any] else {
                throw Failure(description: "\(method): \(answer)")
            }
            return result
        }
    }

    private func note(_ message: [String: Any]) {
        if message["method"] as? String == "Page.loadEventFired" { isLoaded = true }
    }

    private func receive() throws -> [String: Any] {
        while true {
            if let end = received.firstIndex(of: 0) {
                let message = received[received.startIndex..<end]
                received = received[(end + 1)...]
                return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
            }
            let more = pipes.output.fileHandleForReading.availableData
            if more.isEmpty { throw Failure(description: "the browser has ended") }
            received += more
        }
    }
}
