import NetworkState

/// What tests found, as one web page that needs nothing beside itself: the nodes drawn, who reaches whom as a heat map,
/// and every check with what was seen.
package struct HTMLReport: Sendable {
    private let reports: [FiledReport]

    package init(_ reports: [FiledReport]) {
        self.reports = reports
    }

    package var text: String {
        // Nothing in a name may end the element that the data stands in.
        let data = JSON.array(reports.map(\.page)).text.replacing("<", with: "\\u003c")
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

extension FiledReport {
    /// The report's JSON, and beside it what the drawing needs.
    fileprivate var page: JSON {
        let nodes = report.nodes.map { node -> JSON in
            .members([
                "name": .string(node.name),
                "addresses": .array(node.addresses.map { .string($0.description) }),
                "host": node.host.map { .string($0) },
                "isServer": .bool(node.isServer),
            ])
        }
        let addition: [String: JSON] = ["file": .string(file), "nodes": .array(nodes)]
        return .object((report.json.object ?? [:]).merging(addition) { $1 })
    }
}
