import NetworkState

/// What tests found, as one web page that needs nothing beside itself: the nodes drawn, who reaches whom as a heat map,
/// and every check with what was seen.
package struct HTMLReport: Sendable {
    private let reports: [FiledReport]

    package init(_ reports: [FiledReport]) {
        self.reports = reports
    }

    package var text: String {
        let data = JSON.array(reports.map(\.page)).line.withoutTags
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>weft test</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            \(Self.frame)
            <script type="application/json" id="data">\(data)</script>
            <script>
            \(Self.script)
            \(Self.drawing)
            \(Self.painting)
            \(Self.grid)
            \(Self.start)
            </script>
            </body>
            </html>

            """
    }

    /// What stands on the page before anything is known.
    private static let frame = #"""
        <header class="bar">
        <h1>weft test</h1>
        <form role="search" onsubmit="return false">
        <label class="check"><input type="checkbox" id="failed-only"> Failed only</label>
        <input type="search" id="filter" placeholder="Node, address or word" aria-label="Show only checks that mention">
        </form>
        <button id="theme" type="button">Dark</button>
        </header>
        <main id="main"></main>
        <aside id="panel" role="dialog" aria-labelledby="panel-title" hidden>
        <div class="panel-head"><h2 id="panel-title" tabindex="-1"></h2>
        <button id="close" type="button" aria-label="Close">✕</button></div>
        <div id="panel-body"></div>
        </aside>
        <noscript>This report draws itself: it needs scripts, its own, and nothing else.</noscript>
        """#
}

extension String {
    /// Nothing in a name may end the element that the data stands in. By bytes, as there are millions.
    fileprivate var withoutTags: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        for byte in utf8 {
            if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FiledReport {
    /// The report's JSON, with its checks in columns, and beside it what the drawing needs.
    fileprivate var page: JSON {
        var members = report.json.object ?? [:]
        members["checks"] = CheckColumns(members["checks"]?.array ?? []).json
        members["file"] = .string(file)
        members["wiring"] = report.wiring.json
        members["captures"] = .array(report.findings.map { $0.evidence?.download ?? .null })
        // The matrix is in their order.
        members["nodes"] = .array(
            report.nodes.map { .members(["name": .string($0.name), "host": $0.host.map { .string($0) }]) })
        return .object(members)
    }
}
