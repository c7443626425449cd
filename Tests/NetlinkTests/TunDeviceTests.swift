import CLinux
import Glibc
import Netlink
import TestSupport
import Testing

@Suite(.namespaces, .tunDevice)
struct TunDeviceTests {
    @Test func `a persistent device stays when whoever made it is gone, and is deleted like any link`() throws {
        let machine = try Machine()
        try TunDevice.makePersistent(name: "flannel0", in: machine.namespace())
        let shown = try machine.run("ip", "-details", "link", "show", "flannel0").output
        #expect(shown.contains("tun type tun pi off"))
        #expect(shown.contains("persist on"))
        try machine.script("ip link delete flannel0")
        #expect(try machine.run("ip", "link", "show", "flannel0").status != 0)
    }

    @Test func `it is the device that iproute2 makes`() throws {
        let (ours, theirs) = (try Machine(), try Machine())
        try TunDevice.makePersistent(name: "flannel0", in: ours.namespace())
        try theirs.script("ip tuntap add dev flannel0 mode tun")
        let dumps = try [ours, theirs].map { machine in
            StateDump.normalised(try machine.run("ip", "-details", "link", "show", "flannel0").output)
        }
        #expect(dumps[0] == dumps[1])
    }

    @Test(arguments: [
        "ip tuntap add dev flannel0 mode tun", "ip tuntap add dev flannel0 mode tap",
        "ip link add flannel0 type bridge",
    ])
    func `what has the name already is left alone`(_ command: String) throws {
        let machine = try Machine()
        try machine.script(command)
        let before = try machine.run("ip", "-details", "link").output
        do throws(SystemError) {
            try TunDevice.makePersistent(name: "flannel0", in: try machine.namespace())
            Issue.record("two links of one name")
        } catch {
            #expect(error.errno == EBUSY)
            #expect(error.description.hasPrefix("make TUN link 'flannel0': "))
        }
        #expect(try machine.run("ip", "-details", "link").output == before)
    }

    @Test func `a name that no link can have is refused, not cut`() throws {
        let machine = try Machine()
        #expect(throws: SystemError.self) {
            try TunDevice.makePersistent(name: "sixteen-bytes-xx", in: machine.namespace())
        }
        #expect(try machine.run("ip", "-brief", "link").lines.count == 3)
    }
}
