import TestSupport
import Testing

/// What a topology said before and says no longer is on a host as if it never had been said.
@Suite(.namespaces)
struct LeftAttributeTests {
    /// An example, and one that says less.
    struct Edit: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let topology: String
        let added: String
        let place: String

        /// `added` stands after `place` at first.
        init(_ name: String, in topology: String, after place: String, _ added: String) {
            testDescription = name
            (self.topology, self.place, self.added) = (topology, place, added)
        }
    }

    private static let edits = [
        Edit("the containers' MTU", in: "calico-two-hosts", after: "\"profile\": \"calico\"", ", \"mtu\": 1400"),
        Edit("a segment's MTU", in: "flannel-vxlan", after: "\"subnet\": \"192.168.100.0/24\"", ", \"mtu\": 1400"),
        Edit("the tunnel's MTU", in: "calico-vxlan", after: "\"profile\": \"calico-vxlan\"", ", \"mtu\": 1300"),
        Edit("the bridge's MTU", in: "docker-nat", after: "\"profile\": \"docker-nat\"", ", \"mtu\": 1300"),
        Edit("egress", in: "calico-two-hosts", after: "\"profile\": \"calico\"", ", \"egress\": \"masquerade\""),
        Edit(
            "the protocol of routes", in: "calico-two-hosts", after: "\"profile\": \"calico\"",
            ", \"peerRouteProtocol\": 42"),
        Edit(
            "a container's MAC address", in: "calico-two-hosts", after: "\"name\": \"A1\"",
            ", \"mac\": \"02:00:00:00:00:99\""),
        Edit("a published port", in: "docker-nat", after: "\"name\": \"A2\"", ", \"publish\": \"81:80\""),
        Edit(
            "a container", in: "calico-two-hosts", after: "\"link\": \"veth2\" }",
            ", { \"name\": \"A3\", \"link\": \"veth3\" }"),
    ]

    @Test(arguments: edits)
    func `what is said no longer leaves no trace`(_ edit: Edit) throws {
        let less = try TopologyFile(edit.topology).text
        let place = try #require(less.firstRange(of: edit.place)?.upperBound)
        let more = less[..<place] + edit.added + less[place...]
        let (machine, fresh) = (try Machine(), try Machine())
        for text in [String(more), less] {
            let finished = try machine.weft("apply", "-", "--host", "A", "--detailed-exitcode", input: text)
            #expect(finished.status == 2, "\(finished.errors)")
        }
        #expect(try fresh.weft("apply", "-", "--host", "A", input: less).status == 0)
        try expectSame(machine.dump(), fresh.dump())
        #expect(try machine.namespaces == fresh.namespaces)
        for netns in try fresh.namespaces { try expectSame(machine.dump(netns: netns), fresh.dump(netns: netns)) }
        let (left, direct) = (try machine.run("cat", "/run/weft/A.json"), try fresh.run("cat", "/run/weft/A.json"))
        expectSameLines(left.output, direct.output)
    }
}
