//! Which given names are used for one another?

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names on one line are names of one person. A name may stand on up to four lines.
const GROUPS: &str = "\
abigail abby abbie gail
abraham abe bram
albert al bert bertie
alexander alex sandy sasha alec xander aleksandr alexandre alessandro oleksandr
alexandra alex sandra sasha lexi alessandra aleksandra
alfred al fred alfie
alice ali lisa alicia
amanda mandy
anastasia nastassia nastya stacy anastassia anastasija
andrew andy drew andreas andre andrea andrzej andrei
anna ann anne annie anya hanna hannah ania
anthony tony antonio anton antoine
arthur art artie
barbara barb babs barbie
benjamin ben benny benji
bernard bernie
beverley bev
bradley brad
bridget biddy bridie
cameron cam
candace candy kandace candice
carolyn caroline carol carrie
catherine kate katie kathy cathy katherine kathryn kitty kay karen katarina katarzyna kasia catalina
charles charlie chuck chas karl carl carlos charly
charlotte lottie charlie lotte
chester chet
christina chris tina christine kristin kristen kirsten christie kristina
christopher chris kit topher christoph christophe krzysztof
clifford cliff
constance connie
cynthia cindy
daniel dan danny daniele
daniela danielle dani daniella
david dave davey davy davide
deborah debbie deb debra
dennis denny
dolores lola
donald don donnie
dorothy dot dottie dolly dorothea
douglas doug
edward ed eddie ted teddy ned eduard eduardo edouard
eleanor ellie nell nora ella elena helen
elizabeth liz lizzie beth betty eliza elisa lisa elsa libby bess elisabeth elspeth betsy ella
emily em emmy millie emilia
eugene gene
ezekiel zeke
florence flo florrie
frances fran franny fanny francesca francoise
francis frank frankie franz francesco francois francisco
frederick fred freddie fritz friedrich federico
gabriel gabe gabi
gabriele gabi gabriella gabrielle
geoffrey jeff geoff jeffrey
george georgie georg jorge giorgio georges jerzy
gerald gerry jerry gerard
gregory greg gregor grzegorz
harold harry hal
henry harry hank heinrich henri enrique enrico henryk
howard howie
hugh hughie hugo
isabella isabel bella izzy isabelle
jacob jake jakob jakub
jacqueline jackie
james jim jimmy jamie jaime jacques giacomo
janet jan
jennifer jen jenny
jessica jess jessie
joanna jo joanne joan johanna
john jack johnny jon johann johannes hans jean juan giovanni jan ian ivan sean
jonathan jon jonny nathan
joseph joe joey jose josef giuseppe jozef
joshua josh
judith judy
julia jule julie juliet giulia
kenneth ken kenny
kimberly kim kimberley
laurence larry lawrence lorenz lorenzo laurent lars
lee leigh lea
leonard leo len lenny
leslie les
lillian lily lilly lil
louis lou louie luis ludwig luigi lewis
louisa lou louise luisa
lucas luke luca lukas
madeline maddie madeleine
magdalena magda lena maggie
margaret maggie meg peggy peggie margie rita greta daisy marge margarete margherita margot margarita
maria mary marie mia maja marija mariya
martha marty mattie
martin marty marcin
mary molly polly mamie may marie maria
matthew matt matty matthias matteo mathieu mateusz
maximilian max maxim
megan meg
melissa mel missy lissa
michael mike mick mickey micky michel miguel michele mikhail michal
mohammed mohamed muhammad muhammed mohammad mhd mohd mehmet
nancy nan
natalie nat natalia natasha
nathaniel nat nate nathan
nicholas nick nicky nico niklas nikolai nicolas klaus nicola
nicole nikki nicola
olivia liv livvy ollie
oliver ollie
pamela pam
patricia pat patty tricia trish patrizia
patrick pat paddy
paul paulo pablo paolo pavel pawel
penelope penny
peter pete pierre pedro pietro piotr pyotr petr
philip phil pip philipp philippe felipe filippo
priscilla cilla
rachel rae
raymond ray
rebecca becky becca
reginald reg reggie
richard rick dick rich ricky richie riccardo ricardo
robert bob rob bobby robbie bert roberto
roger rodger
ronald ron ronnie
rosemary rose rosie rosemarie
russell russ
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie sara zara
sebastian seb bastian sebastien
sophia sophie sofia zofia sofie
stanley stan
stephanie steph stefanie
stephen steve steven stevie stefan stephan etienne esteban stefano
susan sue susie suzy susanna suzanne susanne
sylvia sylvie silvia
terence terry
theodore ted teddy theo
theresa terry tess tessa teresa therese
thomas tom tommy tomas tommaso tomasz
timothy tim timmy
tobias toby
valerie val
vanessa nessa
veronica ronnie vera
victoria vicky tori vic
vincent vince vinny vincenzo
virginia ginny
vivian viv
walter walt wally
wilfred wilf fred
wilhelm willi willy
william bill will billy willie liam wilhelm guillaume guillermo guglielmo
winifred win winnie
yvonne evie
zachary zach zack
";

static BY_NAME: LazyLock<HashMap<&'static str, u64>> = LazyLock::new(|| {
    let mut by_name: HashMap<&'static str, u64> = HashMap::new();
    for (line, number) in GROUPS.lines().zip(1u64..) {
        for name in line.split(' ') {
            let groups = by_name.entry(name).or_default();
            assert!(*groups >> 48 == 0, "a name stands on four lines at most");
            *groups = (*groups << 16) | number;
        }
    }
    by_name
});

/// The groups that the first word of a normalised given name belongs to: four numbers of 16 bits,
/// 0 for none.
pub(crate) fn groups_of(given: &str) -> u64 {
    let first = given.split(' ').next().unwrap_or_default();
    BY_NAME.get(first).copied().unwrap_or(0)
}

/// Whether two names have a group in common.
pub(super) fn share_group(a: u64, b: u64) -> bool {
    if a == 0 || b == 0 {
        return false;
    }
    let lanes = |groups: u64| (0..4).map(move |lane| (groups >> (16 * lane)) & 0xffff);
    lanes(a).filter(|&group| group != 0).any(|group| lanes(b).any(|other| other == group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pat_is_both_and_the_two_are_not_one() {
        let same = |a, b| share_group(groups_of(a), groups_of(b));
        assert!(same("pat", "patrick") && same("pat", "patricia"));
        assert!(!same("patrick", "patricia"));
        assert!(same("robert", "bob"));
        assert!(!same("xqz", "xqz"), "unknown names are in no group");
    }
}
