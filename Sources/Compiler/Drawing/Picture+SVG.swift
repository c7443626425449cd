extension Picture {
    /// Equal topologies give equal bytes. Light or dark, as the reader's system is.
    package var svg: String {
        let open = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
            role="img">
            <title>\(title.xml)</title>
            <style>
            \(Self.style)
            </style>
            <rect class="ground" width="\(width)" height="\(height)"/>
            """
        // What is marked lies over what is not.
        let ordered = lines.filter { $0.mark == nil } + lines.filter { $0.mark != nil }
        let (inside, outside) = (ordered.filter(\.kind.isInside), ordered.filter { !$0.kind.isInside })
        let (hosts, rest) = (boxes.filter { $0.kind != .container }, boxes.filter { $0.kind == .container })
        let parts =
            [open] + outside.map(\.svg) + hosts.map(\.svg) + inside.map(\.svg) + rest.map(\.svg) + texts.map(\.svg)
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    // Colours stand out by 4.5 to 1 and more. No variables: programs that draw SVG outside browsers know none.
    private static let style = """
        text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1b2430; }
        .heading { font-size: 15px; font-weight: 600; } .name { font-size: 13px; font-weight: 600; }
        .detail, .segment, .overlay { font-size: 11px; } .segment { font-weight: 600; }
        text.kind, .label { font-size: 10px; } text.kind, .label, .detail, .overlay { fill: #4d5866; }
        text.there, text.back, text.lost { font-size: 11px; } text.there { fill: #b3261e; } text.back { fill: #7a4a00; }
        text.lost { font-weight: 600; }
        .ground { fill: #ffffff; }
        rect { fill: #f3f6fa; stroke: #5b6b80; } rect.container { fill: #e3f1e6; stroke: #3b7a4b; }
        rect.router { fill: #fdf0d9; stroke: #94671a; } rect.server { fill: #efe7fa; stroke: #6e4aa5; }
        rect.bridge { fill: #dfe9f7; stroke: #44679b; } rect.tunnel { fill: #fbe8f1; stroke: #a13c6f; stroke-dasharray: 5 3; }
        rect.ground { stroke: none; }
        line, path { stroke: #5b6b80; stroke-width: 1.5; fill: none; } line.segment { stroke: #2f6db3; stroke-width: 3; }
        line.rail, line.stub, path.tail { stroke: #a13c6f; stroke-dasharray: 5 4; } circle { fill: #2f6db3; } circle.stub { fill: #a13c6f; }
        line.halo { stroke: #ffffff; stroke-width: 7; }
        .there { stroke: #b3261e !important; stroke-width: 3 !important; } .back { stroke: #b87100 !important; stroke-width: 3 !important; }
        .lost { stroke: #b3261e !important; stroke-width: 3 !important; stroke-dasharray: 3 4 !important; }
        text.there, text.back, text.lost { stroke: none !important; }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6ebf2; } text.kind, .label, .detail, .overlay { fill: #b4bfcc; } .ground { fill: #14181e; }
        text.there { fill: #ff8a80; } text.back { fill: #ffc266; }
        rect { fill: #1f2630; stroke: #8493a8; } rect.container { fill: #1c3324; stroke: #6fbf85; }
        rect.router { fill: #3a2e17; stroke: #d6a54a; } rect.server { fill: #2d2440; stroke: #ab8be0; }
        rect.bridge { fill: #1d2d45; stroke: #7ba4de; } rect.tunnel { fill: #3a1f2d; stroke: #e07cab; }
        rect.ground { fill: #14181e; stroke: none; }
        line, path { stroke: #8493a8; } line.segment { stroke: #6aa9ee; } circle { fill: #6aa9ee; }
        line.rail, line.stub, path.tail { stroke: #e07cab; } circle.stub { fill: #e07cab; } line.halo { stroke: #14181e; }
        .there, .lost { stroke: #ff8a80 !important; } .back { stroke: #ffc266 !important; }
        }
        """
}

extension Picture.Text {
    fileprivate var svg: String {
        "<text class=\"\(style.rawValue)\" x=\"\(x)\" y=\"\(baseline)\">\(string.xml)</text>"
    }
}

extension Picture.Box {
    fileprivate var svg: String {
        let radius = kind == .router ? 14 : kind == .tunnel ? 10 : 5
        let group = isPart ? "part" : "node"
        let rect = """
            <rect class="\(kind.rawValue)\(mark.map { " \($0.rawValue)" } ?? "")" x="\(area.x)" y="\(area.y)" \
            width="\(area.width)" height="\(area.height)" rx="\(radius)"/>
            """
        return """
            <g class="\(group)" data-name="\(name.xml)">\(Self.title(title))\(rect)\(texts.map(\.svg).joined())</g>
            """
    }

    fileprivate static func title(_ text: String) -> String { "<title>\(text.xml)</title>" }
}

extension Picture.Line {
    fileprivate var svg: String {
        let (first, last) = (points[0], points[points.count - 1])
        let look = kind.rawValue + (mark.map { " \($0.rawValue)" } ?? "")
        if kind.isInside {
            let path = "M" + points.map { "\($0.x) \($0.y)" }.joined(separator: "L")
            return "<path class=\"\(look)\" d=\"\(path)\"><title>\(title.xml)</title></path>"
        }
        let ends = "x1=\"\(first.x)\" y1=\"\(first.y)\" x2=\"\(last.x)\" y2=\"\(last.y)\""
        let line = "<line class=\"\(look)\" \(ends)><title>\(title.xml)</title></line>"
        guard isJoined else { return line }
        let dot = "<circle class=\"\(kind.rawValue)\" cx=\"\(last.x)\" cy=\"\(last.y)\" r=\"3.5\"/>"
        // Down past other networks, which it does not join.
        let halo =
            kind == .wire && last.y > first.y
            ? "<line class=\"halo\" x1=\"\(first.x)\" y1=\"\(first.y)\" x2=\"\(last.x)\" y2=\"\(last.y - 5)\"/>" : ""
        return halo + line + dot
    }
}

extension String {
    /// In XML, as text or as what is quoted.
    package var xml: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
