/*
 * test_reach.c - which addresses are of the public internet, and which a webhook must not lead to.
 */
#include "api/reach.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

static const struct row {
    const char *address;
    bool is_public;
} rows[] = {
    {"1.1.1.1", true},
    {"8.8.8.8", true},
    {"223.255.255.255", true},
    /* each range at its edges, and the addresses beside it */
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.0.1", false},
    {"192.0.2.1", false},
    {"192.0.1.1", true},
    {"192.88.99.1", false},
    {"192.167.255.255", true},
    {"192.168.0.1", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.1", false},
    {"203.0.113.1", false},
    {"224.0.0.1", false},
    {"239.255.255.255", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},

    {"2600::1", true},
    {"2a00:1450:4001:81b::200e", true},
    {"::", false},
    {"::1", false},
    {"::7f00:1", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.1.2.3", false},
    {"::ffff:1.1.1.1", true},
    {"64:ff9b::127.0.0.1", false},
    {"64:ff9b::1.1.1.1", true},
    {"64:ff9b:1::1", false},
    {"100::1", false},
    {"1fff:ffff::1", false},
    {"2001::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::1", true},
    {"2001:db8::1", false},
    {"2001:db7::1", true},
    {"2001:db9::1", true},
    {"2002:7f00:1::1", false},
    {"2003::1", true},
    {"3ffe::1", true},
    {"3fff::1", false},
    {"3fff:fff::1", false},
    {"3fff:1000::1", true},
    {"4000::1", false},
    {"fc00::1", false},
    {"fdff::1", false},
    {"fe80::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
};

static struct sockaddr_storage read_address(const char *text)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;

    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
        v6->sin6_family = AF_INET6;
    }
    return address;
}

static bool look(const char *text)
{
    struct sockaddr_storage address = read_address(text);

    return reach_is_public((struct sockaddr *)&address);
}

static void each_range_at_its_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (look(rows[i].address) != rows[i].is_public)
            fail_msg("%s", rows[i].address);
}

static void no_other_family(void **state)
{
    struct sockaddr_storage address = {.ss_family = AF_UNIX};

    (void)state;
    assert_false(reach_is_public((struct sockaddr *)&address));
}

static bool is_ours(const char *text)
{
    struct sockaddr_storage address = read_address(text);

    return reach_is_ours((struct sockaddr *)&address);
}

/* Whatever addresses this machine has, and those that nobody has. */
static void this_machine_is_known(void **state)
{
    struct sockaddr_storage other = {.ss_family = AF_UNIX};
    struct ifaddrs *all;

    (void)state;
    assert_true(is_ours("127.0.0.1"));
    assert_false(is_ours("192.0.2.1"));
    assert_false(is_ours("2001:db8::1"));
    assert_false(reach_is_ours((struct sockaddr *)&other));
    assert_int_equal(getifaddrs(&all), 0);
    for (const struct ifaddrs *i = all; i; i = i->ifa_next)
        if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET)
            assert_true(reach_is_ours(i->ifa_addr));
    freeifaddrs(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_range_at_its_edges),
        cmocka_unit_test(no_other_family),
        cmocka_unit_test(this_machine_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
