import Compiler
import Foundation
import FoundationXML
import NetworkState
import TestSupport
import Testing

/// Topologies drawn: what stands where, and the text of it.
struct PictureTests {
    private static let golden = Repository.tests.appending(path: "CompilerTests/Golden/pictures")

    @Test(arguments: ["calico-two-hosts", "flannel-vxlan", "docker-nat"])
    func `pictures are as they were`(_ name: String) throws {
        let topology = try load(TopologyFile(name).source)
        expectGolden(Picture(topology).svg, Self.golden.appending(path: "\(name).svg"))
        expectGolden(Diagram(topology).dot, Self.golden.appending(path: "\(name).dot"))
        expectGolden(Diagram(topology).mermaid, Self.golden.appending(path: "\(name).mmd"))
    }

    @Test(arguments: Fixture.valid)
    func `every machine and container is named once, or counted where there are many`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        let picture = Picture(topology)
        let machines = topology.routers.map(\.name) + topology.servers.map(\.name) + topology.hosts.map(\.name)
        let containers = topology.hosts.flatMap(\.containers).map(\.name)
        let isCompact = machines.count + containers.count > 50
        #expect(
            picture.boxes.filter { !$0.isPart }.map(\.name).sorted()
                == (machines + (isCompact ? [] : containers)).sorted())
        if isCompact {
            let counts = picture.boxes.filter { $0.kind == .host }.map(\.texts.last?.string)
            let expected = topology.hosts.map {
                "\($0.containers.count) container\($0.containers.count == 1 ? "" : "s")"
            }
            #expect(counts == expected)
        }
    }

    @Test(arguments: Fixture.valid)
    func `no box is over another, and no text over another or beyond its box`(_ fixture: Fixture) throws {
        Self.expectNeat(Picture(try load(fixture.source)))
    }

    private static func expectNeat(_ picture: Picture) {
        let whole = Picture.Area(width: picture.width, height: picture.height)
        let (machines, inner) = (
            picture.boxes.filter { !$0.isPart && $0.kind != .container },
            picture.boxes.filter { $0.isPart || $0.kind == .container }
        )
        for (place, box) in machines.enumerated() {
            #expect(box.area.isWithin(whole), "\(box.name)")
            for other in machines.dropFirst(place + 1) where box.area.meets(other.area) {
                Issue.record("\(box.name) is over \(other.name)")
            }
            let own = inner.filter { $0.area.isWithin(box.area) }
            for (place, part) in own.enumerated() {
                for other in own.dropFirst(place + 1) where part.area.meets(other.area) {
                    Issue.record("\(part.name) is over \(other.name)")
                }
                for text in box.texts where text.area.meets(part.area) {
                    Issue.record("\(part.name) is over \(text.string)")
                }
            }
        }
        for part in inner { #expect(machines.filter { part.area.isWithin($0.area) }.count == 1, "\(part.name)") }
        for box in picture.boxes { for text in box.texts { #expect(text.area.isWithin(box.area), "\(text.string)") } }
        for box in picture.boxes { expectApart(box.texts) }
        for text in picture.texts {
            #expect(text.area.isWithin(whole), "\(text.string)")
            for box in machines where box.area.meets(text.area) { Issue.record("\(box.name) is over \(text.string)") }
        }
        expectApart(picture.texts)
    }

    private static func expectApart(_ texts: [Picture.Text]) {
        for (place, text) in texts.enumerated() {
            for other in texts.dropFirst(place + 1) where text.area.meets(other.area) {
                Issue.record("\(text.string) is over \(other.string)")
            }
        }
    }

    @Test(arguments: Fixture.valid)
    func `pictures are XML, with a title for each element`(_ fixture: Fixture) throws {
        let picture = Picture(try load(fixture.source))
        let svg = picture.svg
        let document = try XMLDocument(xmlString: svg)
        let count = { (path: String) throws in try document.nodes(forXPath: path).count }
        #expect(try count("//*[local-name()='g']/*[local-name()='title']") == picture.boxes.count)
        #expect(try count("//*[local-name()='g'][not(*[local-name()='title'])]") == 0)
        #expect(
            try count("//*[local-name()='line' or local-name()='path']/*[local-name()='title']") == picture.lines.count)
        #expect(svg == Picture(try load(fixture.source)).svg)
    }

    @Test func `what means something to XML, Graphviz or Mermaid is written so that it does not`() throws {
        let odd = "a<b>&\"c\"#\\n"
        #expect(try XMLDocument(xmlString: "<a b=\"\(odd.xml)\">\(odd.xml)</a>").rootElement()?.stringValue == odd)
        #expect(Diagram.quotedForDOT(["A", odd]) == ##""A\na<b>&\"c\"#\\n""##)
        #expect(Diagram.quotedForMermaid(["A", odd]) == #""A<br/>a#60;b#62;#38;#34;c#34;#35;#92;n""#)
    }

    @Test func `machines between many networks are in nobody's way`() throws {
        Self.expectNeat(Picture(try load(SourceText.tangle)))
        let crowded = SourceText.tangle.text.replacing(#""containers": 7"#, with: #""containers": 70"#)
        Self.expectNeat(Picture(try load(SourceText(name: "crowded.json", text: crowded))))
    }

    @Test func `a walk brings out the way there and back, through the tunnel too`() throws {
        let topology = try load(TopologyFile("flannel-vxlan").source)
        let walk = try Self.walk(between: (0, 1), in: topology)
        let picture = Picture(topology, walk: walk)
        let marked = picture.boxes.filter { $0.mark == .there }
        #expect(Set(marked.filter { !$0.isPart }.map(\.name)) == ["A", "A1", "B", "B1"])
        #expect(marked.count { $0.kind == .tunnel } == 2)
        #expect(picture.lines.count { $0.kind == .stub && $0.mark == .there } == 2)
        #expect(picture.texts.contains { $0.string.hasPrefix("there: A1 > A > B > B1, in vxlan id ") })
        #expect(Diagram(topology, walk: walk).dot.contains("penwidth=3"))
    }

    @Test func `a walk that ends early says where and why`() throws {
        let topology = try load(TopologyFile("docker-nat").source)
        let walk = try Self.walk(between: (0, 1), in: topology)
        let picture = Picture(topology, walk: walk)
        #expect(picture.boxes.filter { $0.mark == .lost }.map(\.name) == ["A1"])
        #expect(picture.texts.last?.style == .lost)
        #expect(picture.texts.last?.string == "lost at A1: A1 has 172.17.0.2 too, and would answer instead")
        Self.expectNeat(picture)
        #expect(Diagram(topology, walk: walk).dot.contains("dotted"))
        #expect(Diagram(topology, walk: walk).mermaid.contains("classDef lost "))
    }

    /// Between the first containers of two hosts.
    static func walk(between hosts: (Int, Int), in topology: ValidTopology) throws -> DrawnWalk {
        let (from, to) = (topology.hosts[hosts.0].containers[0], topology.hosts[hosts.1].containers[0])
        let question = PacketStory.Question(
            from: from.name, to: to.name, source: from.addresses[0], destination: to.addresses[0], protocol: .icmp)
        return DrawnWalk(topology.plannedNetwork.predict(question), in: Wiring(topology))
    }
}

extension Picture.Area {
    fileprivate func meets(_ other: Self) -> Bool {
        x < other.right && other.x < right && y < other.low && other.y < low
    }

    fileprivate func isWithin(_ outer: Self) -> Bool {
        x >= outer.x && y >= outer.y && right <= outer.right && low <= outer.low
    }
}
