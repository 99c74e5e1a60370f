#!/usr/bin/env bats
# Which sections the reports show in which program header: the same as `readelf -l`.

# shellcheck disable=SC2016 # Perl has dollar signs of its own
load helper

setup() {
    need_file "$UEXEC"
    cd "$BATS_TEST_TMPDIR" || return
}

# as_readelf FILE...: each line of readelf's "Section to Segment mapping" is in the plan, for every
# file that --dry-run takes, and for its interpreter. Prints how many lines there were.
as_readelf() {
    printf '%s\0' "$@" | perl -MJSON::PP -0 -ne '
        BEGIN { open STDERR, ">", "error" }
        sub sections_by_readelf {
            my ($path) = @_;
            local $/ = "\n";
            open my $in, "-|", "readelf", "-lW", $path or die;
            my %at = map { /^   (\d\d+)  +(.*)/ ? (int $1, [split " ", $2]) : () } <$in>;
            return map { "@{$at{$_}}" } sort { $a <=> $b } keys %at;
        }
        chomp(my $file = $_);
        unlink "plan";
        next if system $ENV{UEXEC}, "--dry-run", "--json", "-o", "plan", "--", $file;
        open my $in, "<:raw", "plan" or die;
        my $plan = decode_json(join "", <$in>);
        for my $image (@{$plan->{images}}) {
            next if $seen{$image->{path}}++;
            my @expected = sections_by_readelf($image->{path});
            my @got = map { "@{$_->{sections}}" } @{$image->{program_headers}};
            $count++;
            for my $i (0 .. $#got) {
                next if $got[$i] eq $expected[$i];
                print "$image->{path}: program header $i ($image->{program_headers}[$i]{type}):\n",
                    "  readelf: $expected[$i]\n  uexec:   $got[$i]\n";
                $wrong = 1;
            }
        }
        END { print $count // 0, "\n"; $? = $wrong // 0 }'
}

@test "every program of /usr/bin" {
    local files
    mapfile -t files < <(find -L /usr/bin -maxdepth 1 -type f -perm -1)
    export UEXEC
    run as_readelf "${files[@]}"
    printf '%s\n' "${lines[@]:0:20}" "${lines[-1]} images"
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" -ge 100 ]
}

@test "every sample, rt, and the libraries of the build" {
    local file files=("$BUILD"/samples/*) count=0
    # a library has no entry point and is no program: a copy gets its code's address as its entry
    for file in "$BUILD"/lib/*.so* "$BUILD"/samples/*.so; do
        [ -f "$file" ] || continue
        count=$((count + 1))
        cp "$file" "library.$count"
        chmod +x "library.$count"
        perl -e '
            my ($entry) = `readelf -SW $ARGV[0]` =~ /\.text +PROGBITS +(\w+)/;
            open my $out, "+<:raw", $ARGV[0] or die;
            seek $out, 24, 0;
            print $out pack "Q<", hex $entry' "library.$count"
        files+=("$PWD/library.$count")
    done
    [ $count -ge 2 ]
    export UEXEC
    run as_readelf "${files[@]}"
    printf '%s\n' "${lines[@]:0:20}" "${lines[-1]} images"
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" -ge 100 ]
}

@test "section headers at random, so that each rule decides" {
    # types, flags, sizes and boundaries of segments, in every combination; what is loaded stays the same
    seeded 1
    SEED=$seed perl -e '
        srand $ENV{SEED};
        my ($file) = @ARGV;
        open my $in, "<:raw", $file or die;
        my $image = join "", <$in>;
        my ($phoff, $shoff) = unpack "x32 Q<2", $image;
        my ($phnum, $shnum, $names) = unpack "x56 S< x2 S<2", $image;
        sub pick { $_[rand @_] }
        for my $copy (1 .. 300) {
            my $new = $image;
            my @segments;
            for my $i (0 .. $phnum - 1) {
                my @fields = unpack "L<2Q<6", substr $new, $phoff + 56 * $i, 56;
                if ($fields[0] != 1) {
                    $fields[0] = pick 2, 4, 6, 7, 0x6474e550 .. 0x6474e556;
                    ($fields[2], $fields[3]) = @{pick @segments}[0, 1] if @segments;
                    $fields[5] = pick 0, 1, 64, 4096;
                    $fields[6] = pick 0, $fields[5], $fields[5] + 64;
                    substr $new, $phoff + 56 * $i, 56, pack "L<2Q<6", @fields;
                }
                push @segments, [@fields[2, 3, 5, 6]];
            }
            for my $i (1 .. $shnum - 1) {
                next if $i == $names;
                my @fields = unpack "L<2Q<4L<2Q<2", substr $new, $shoff + 64 * $i, 64;
                my ($offset, $address, $file, $memory) = @{pick @segments};
                my $at = pick 0, 1, 32, $file, $memory, $file == 0 ? 0 : $file - 1;
                my $size = pick 0, 1, 32, $file - $at, $memory - $at;
                $fields[1] = pick 1, 8;
                $fields[2] = pick 0, 2, 0x402, 0x400;
                $fields[3] = $address + $at + pick 0, 0, 0, 1;
                $fields[4] = $offset + $at;
                $fields[5] = $size < 0 ? 0 : $size;
                substr $new, $shoff + 64 * $i, 64, pack "L<2Q<4L<2Q<2", @fields;
            }
            open my $out, ">:raw", "random.$copy" or die;
            print $out $new;
            chmod 0755, "random.$copy";
        }' "$BUILD/samples/hello.glibc.static"
    export UEXEC
    run as_readelf "$PWD"/random.*
    printf '%s\n' "${lines[@]:0:20}" "${lines[-1]} images"
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" -eq 300 ]
}

@test "--maps: a mapping has the sections of its segments that it has bytes of" {
    # .tdata and .tbss, a .bss that begins in the last page of the file's part
    cat >program.c <<'!'
__thread int tls_data = 1, tls_bss;
char data[5000] = {1}, bss[70000];
int main(void) { return tls_data + tls_bss + data[0] + bss[0] - 2; }
!
    gcc -O0 -static -no-pie -o program program.c
    "$UEXEC" --maps --json -o report ./program
    perl -MJSON::PP -e '
        sub lines_of { open my $in, "-|", @_ or die; return <$in> }
        my (%address, %size, %segment);
        for (lines_of(qw(readelf -SW program))) {
            ($address{$1}, $size{$1}) = (hex $2, hex $3) if /\] (\S+) +\S+ +(\w+) \w+ (\w+)/;
        }
        my @types = map { /^  ([A-Z_]+) +0x/ ? $1 : () } lines_of(qw(readelf -lW program));
        for (lines_of(qw(readelf -lW program))) {
            next unless /^   (\d\d) +(.*)/ && $types[$1] eq "LOAD";
            push @{$segment{$1 + 0}}, split " ", $2;
        }
        open my $in, "<", "report" or die;
        my ($bss, $count) = (0, 0);
        for my $mapping (@{decode_json(join "", <$in>)->{mappings}}) {
            my ($start, $end) = map { hex } @$mapping{qw(start end)};
            next unless $mapping->{from} =~ /^LOAD\[(\d+)\]/;
            my @expected = grep { $size{$_} && $address{$_} < $end && $address{$_} + $size{$_} > $start }
                @{$segment{$1}};
            my ($got) = $mapping->{from} =~ /: (.*)/;
            die "$mapping->{from}\nis not: @expected\n" if $got ne "@expected";
            $bss += grep { $_ eq ".bss" } @expected;
            $count++;
        }
        $count >= 5 && $bss == 2 or die "$count mappings, $bss with .bss"'
    run ! grep -q '\.tbss' report
    grep -q '\.tdata' report
}
