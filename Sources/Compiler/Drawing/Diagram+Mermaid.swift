extension Diagram {
    /// Mermaid's language, which GitHub and GitLab draw: a flowchart with a subgraph for each host.
    package var mermaid: String {
        let clusters = groups.flatMap { group in
            ["  subgraph \(group.id)[\(Self.quotedForMermaid([group.name]))]"]
                + group.nodes.map { "    " + statement($0) } + ["  end"]
        }
        let looks = [(DrawnWalk.Mark.there, "#b3261e"), (.back, "#b87100"), (.lost, "#b3261e,stroke-dasharray:3 4")]
        let marked = looks.flatMap { mark, colour in
            let name = mark.rawValue
            let ids = (nodes + groups.flatMap(\.nodes)).filter { $0.mark == mark }.map(\.id)
            let places = edges.indices.filter { edges[$0].mark == mark }.map(String.init)
            let style = "stroke:\(colour),stroke-width:3px"
            return
                (ids.isEmpty ? [] : ["  classDef \(name) \(style)", "  class \(ids.joined(separator: ",")) \(name)"])
                + (places.isEmpty ? [] : ["  linkStyle \(places.joined(separator: ",")) \(style)"])
        }
        let lines = ["---", "title: \(Self.quotedForMermaid([title]))", "---", "flowchart TB"]
        return (lines + nodes.map { "  " + statement($0) } + clusters + edges.map { "  " + statement($0) } + marked)
            .joined(separator: "\n") + "\n"
    }

    private func statement(_ node: Node) -> String {
        let label = Self.quotedForMermaid(node.label)
        return switch node.kind {
        case .segment: "\(node.id)[[\(label)]]"
        case .router, .overlay: "\(node.id)([\(label)])"
        case .bridge: "\(node.id)[/\(label)/]"
        case .tunnel: "\(node.id)>\(label)]"
        case .server, .host, .container: "\(node.id)[\(label)]"
        }
    }

    private func statement(_ edge: Edge) -> String {
        let line = edge.isTunnel ? "-.-" : "---"
        let label = edge.label.isEmpty ? "" : "|\(Self.quotedForMermaid(edge.label))|"
        return "\(edge.from) \(line)\(label) \(edge.to)"
    }
}

extension Diagram {
    /// In Mermaid's quotes, where what means something to it is written by its number.
    package static func quotedForMermaid(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            line.unicodeScalars.reduce(into: "") { text, scalar in
                switch scalar {
                case "\"", "#", "&", "<", ">", "`", "\\": text += "#\(scalar.value);"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return "\"" + escaped.joined(separator: "<br/>") + "\""
    }
}
